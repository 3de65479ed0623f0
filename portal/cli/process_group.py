"""A group of processes that live and die together; for development.

They run in a process group of their own, led by a guard: a small shell that waits for the end of
its standard input, which this process holds open. However this process ends, kill -9 included, the
guard notices and ends the group. So nothing stays behind, unless somebody kills both with -9.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_GUARD = """trap '' INT TERM HUP; read -r _
kill -TERM 0; sleep 5; rm -f "$1"/*; rmdir "$1"; kill -KILL 0"""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PATIENCE = 10.0
"""Seconds a process gets to end by itself."""
_FIRST_WAIT, _LONGEST_WAIT, _HEALTHY = 1.0, 30.0, 60.0
"""Seconds before a restart: doubling, and from the first again after a healthy life."""


@dataclass
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes]
    started: float
    wait: float = _FIRST_WAIT
    due: float | None = None
    """When to start it again; None while it runs."""


class Group:
    """The processes; the first one started is what all the others need."""

    def __init__(self, guard: subprocess.Popen[bytes], env: Mapping[str, str]) -> None:
        self._guard = guard
        self._env = env
        self._children: list[_Child] = []

    def start(self, name: str, *command: str) -> None:
        child = _Child(name, command, self._spawn(command), time.monotonic())
        self._children.append(child)

    def watch(self) -> None:
        """Start again what ends, each time a little later; returns only if the guard is gone."""
        while self._guard.poll() is None:
            for child in self._children:
                self._look_after(child, time.monotonic())
            time.sleep(0.2)

    def stop(self) -> None:
        """End all but the first, then the first, then whatever is left of the group."""
        for wave in (self._children[1:], self._children[:1]):
            for child in wave:
                child.process.terminate()
            for child in wave:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(_PATIENCE)
        with suppress(ProcessLookupError):
            os.killpg(self._guard.pid, signal.SIGKILL)
        self._guard.wait()

    def _look_after(self, child: _Child, now: float) -> None:
        if child.due is None and child.process.poll() is not None:
            child.wait = _FIRST_WAIT if now - child.started > _HEALTHY else child.wait
            child.due = now + child.wait
            sys.stderr.write(f"{child.name} ended; starting it again in {child.wait:.0f} s\n")
        elif child.due is not None and now >= child.due:
            child.process = self._spawn(child.command)
            child.started, child.due = now, None
            child.wait = min(child.wait * 2, _LONGEST_WAIT)

    def _spawn(self, command: Sequence[str]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own commands only
            command, env=self._env, stdin=subprocess.DEVNULL, process_group=self._guard.pid
        )


@contextmanager
def group(env: Mapping[str, str], folder: Path) -> Iterator[Group]:
    """A group for the length of the block; Ctrl-C, SIGTERM or SIGHUP end the block quietly.

    The processes get ``env``; ``folder``, which holds their sockets, goes when they have ended.
    """
    for number in _SIGNALS:
        signal.signal(number, signal.default_int_handler)
    guard = subprocess.Popen(  # noqa: S603
        ["/bin/sh", "-c", _GUARD, "guard", str(folder)], stdin=subprocess.PIPE, process_group=0
    )
    made = Group(guard, env)
    try:
        with suppress(KeyboardInterrupt):
            yield made
    finally:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        made.stop()
        shutil.rmtree(folder)
