"""Engines for SQLite and PostgreSQL with the same promises."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

_SQLITE_PRAGMAS = (
    # First, because switching a new file to WAL already has to wait for the others who try.
    "PRAGMA busy_timeout=10000",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    # Deleted means overwritten: without it old values stay in the file's free pages.
    "PRAGMA secure_delete=ON",
)


def make_engine(url: str) -> Engine:
    """An engine whose errors never repeat bound values, and whose SQLite writers queue up.

    SQLite: WAL, foreign keys, secure_delete, and BEGIN IMMEDIATE, so that a transaction that
    reads before it writes can't fail in the middle with "database is locked". See ``reading`` for
    those that never write.
    """
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=not url.startswith("sqlite"))
    if engine.dialect.name == "sqlite":
        # SQLite makes the file, but not the folder it lies in.
        Path(engine.url.database or "").parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver's own transaction control would begin too late, at the first write.
    connection.isolation_level = None
    for pragma in _SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_immediate(connection: Connection) -> None:
    reads = connection.get_execution_options().get(_READS)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


_READS = "portal_reads"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that only reads; on SQLite others can write meanwhile."""
    with engine.connect().execution_options(**{_READS: True}) as connection, connection.begin():
        yield connection


class LogInUseError(Exception):
    """Somebody reads an older state of the database; its log can't be emptied now."""


def empty_log(engine: Engine) -> None:
    """Carry SQLite's write-ahead log over into the database and cut it to nothing.

    Until then pages from before a deletion wait in it, with what was deleted. PostgreSQL's log
    is its server's own affair: nothing happens. Raises LogInUseError; trying again later helps.
    """
    if engine.dialect.name != "sqlite":
        return
    with closing(engine.raw_connection()) as connection:
        busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise LogInUseError


class Store:
    """The portal's database. Every change happens in a ``with store.begin() as session`` block."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: commits at the end of the block, rolls back when it raises.

        Objects loaded in it stay readable afterwards. No outside call belongs inside.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
