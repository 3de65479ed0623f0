"""``make run`` without make: everything comes up, says where it is, and is gone afterwards."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.accounts.sample.people import PEOPLE
from portal.settings import ROOT

Dev = subprocess.Popen[str]


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(folder: Path, port: int, **settings: str) -> Dev:
    env = os.environ | {"PYTHONPATH": str(ROOT), "PORT": str(port)} | settings
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "dev"]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, cwd=folder, env=env, **how)


def greeting(dev: Dev) -> str:
    """What it prints once everything is started."""
    assert dev.stdout
    lines = iter(dev.stdout.readline, "")
    read = []
    for line in lines:
        read.append(line)
        if "Ctrl-C" in line:
            break
    return "".join(read)


def page(port: int, path: str = "/") -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=60) as answer:
        return str(answer.read().decode())


@pytest.fixture
def dev(tmp_path: Path, port: int) -> Iterator[Dev]:
    started = run(tmp_path, port)
    yield started
    started.terminate()
    started.communicate(timeout=60)


def test_it_says_where_everything_is(dev: Dev, port: int) -> None:
    said = greeting(dev)
    assert f"http://localhost:{port}/dev/outbox" in said
    assert all(person.phone.removeprefix("+86") in said for person in PEOPLE)
    assert "supervisor  sample-password" in said
    assert "<h1" in page(port)
    assert "登录审核台" in page(port, "/staff")


def test_nothing_stays_behind_but_the_data(dev: Dev, tmp_path: Path) -> None:
    greeting(dev)
    dev.terminate()
    dev.communicate(timeout=60)  # reads to the end: every process has closed its output
    assert dev.returncode == 0
    assert {"portal.db", "accounts.db", "valkey"} <= {
        one.name for one in (tmp_path / "var").iterdir()
    }


def test_a_taken_port_is_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said, _ = (dev := run(tmp_path, port)).communicate(timeout=60)
    assert said == f"Error: port {port} is taken; choose another: make run PORT=8001\n"
    assert dev.returncode == 1
    assert not (tmp_path / "var" / "portal.db").exists()
