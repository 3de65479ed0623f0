"""The public notice page against a bare Flask view with the same bytes, same server, same run."""

import http.client
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROUNDS, REQUESTS = 30, 200


def measure() -> list[str]:
    with tempfile.TemporaryDirectory() as folder, _server("wsgi:app", folder) as portal:
        body = Path(folder) / "notice.html"
        body.write_bytes(_get(portal))
        with _server("bench.bare:app", folder, BENCH_BODY=str(body)) as bare:
            pairs = [(_rate(portal), _rate(bare)) for _ in range(ROUNDS)]
            size = body.stat().st_size
    ratio = statistics.median(ours / theirs for ours, theirs in pairs)
    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
    return [
        (
            f"notice page: {ratio:.2f} x a bare Flask view of the same {size} bytes"
            f" ({ours:.0f} against {theirs:.0f} requests/s, one gunicorn worker each)"
        )
    ]


def _rate(connection: http.client.HTTPConnection) -> float:
    begun = time.perf_counter()
    for _ in range(REQUESTS):
        _get(connection)
    return REQUESTS / (time.perf_counter() - begun)


def _get(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", "/notice")
    response = connection.getresponse()
    body = response.read()
    assert response.status == 200
    return body


@contextmanager
def _server(app: str, folder: str, **more: str) -> Iterator[http.client.HTTPConnection]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        **more,
        "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.db",
        "PORTAL_ACCOUNTS_URL": f"sqlite:///{folder}/accounts.db",
        "PORTAL_ACCOUNTS_FILES": f"{folder}/files",
        "PORTAL_SMS_OUTBOX": f"{folder}/sms.jsonl",
        "PORTAL_WITNESS": f"{folder}/witness",
    }
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", "--workers=1"]
    command += ["--threads=1", f"--bind=127.0.0.1:{port}", "--log-level=warning", app]
    process = subprocess.Popen(command, env=env)
    try:
        yield _connected(port)
    finally:
        process.terminate()
        process.wait()


def _connected(port: int) -> http.client.HTTPConnection:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    for _ in range(300):
        try:
            connection.connect()
        except ConnectionRefusedError:
            time.sleep(0.1)
        else:
            return connection
    raise TimeoutError("the server does not answer")
