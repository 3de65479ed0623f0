"""Processes that live and die together. All of them write to one pipe: its end is their end."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.settings import ROOT

PARENT = """
import sys
from pathlib import Path
from portal.cli.process_group import group

with group({"WHO": "child"}, Path(sys.argv[1])) as processes:
    processes.start("one", "/bin/sh", "-c", sys.argv[2])
    processes.watch()
print("block ended")
"""
SLEEPS = "echo up; sleep 1000 & wait"
STUBBORN = "trap '' TERM INT HUP; echo up; while :; do sleep 1; done"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sockets").mkdir()
    (tmp_path / "sockets" / "a.sock").touch()
    return tmp_path / "sockets"


@pytest.fixture
def parents() -> Iterator[list[subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []
    yield started
    for parent in started:
        parent.terminate()
        parent.communicate(timeout=20)


def start(parents: list[subprocess.Popen[str]], folder: Path, child: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", PARENT, str(folder), child]
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    parents.append(subprocess.Popen(command, cwd=ROOT, **how))
    return parents[-1]


def line(parent: subprocess.Popen[str]) -> str:
    assert parent.stdout
    return parent.stdout.readline().strip()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_of_them(
    parents: list[subprocess.Popen[str]], folder: Path, number: signal.Signals
) -> None:
    parent = start(parents, folder, SLEEPS)
    assert line(parent) == "up"
    parent.send_signal(number)
    output, _ = parent.communicate(timeout=5)
    assert (parent.returncode, output, folder.exists()) == (0, "block ended\n", False)


def test_killing_the_parent_ends_even_those_that_do_not_listen(
    parents: list[subprocess.Popen[str]], folder: Path
) -> None:
    parent = start(parents, folder, STUBBORN)
    assert line(parent) == "up"
    parent.kill()
    parent.communicate(timeout=10)
    assert not folder.exists()


def test_a_process_that_ends_is_started_again_a_little_later(
    parents: list[subprocess.Popen[str]], folder: Path
) -> None:
    began = time.monotonic()
    parent = start(parents, folder, "echo $WHO")
    assert [line(parent) for _ in range(5)] == [
        "child",
        "one ended; starting it again in 1 s",
        "child",
        "one ended; starting it again in 2 s",
        "child",
    ]
    assert time.monotonic() - began > 3
