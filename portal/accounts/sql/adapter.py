"""The account system over SQL: one method, one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.sample.schema import metadata
from portal.accounts.sql import access, applying, checking, people, planning
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.completeness import problems
from portal.accounts.sql.datamap import DataMap, DataMapError
from portal.accounts.sql.holdings import holdings
from portal.accounts.sql.rows import Rows, Rules
from portal.accounts.sql.standing import standing
from portal.accounts.system import (
    Account,
    AccountSystemUnavailableError,
    Holdings,
    Residue,
    Scope,
    Standing,
    Step,
)
from portal.clock import Clock


class SqlAccountSystem:
    """The ``AccountSystem`` whose accounts lie in ``engine`` and whose files lie in ``files``.

    ``jobs_go_offline`` reads 二.3.2: "unshared" jobs only, or "all". Raises DataMapError when the
    map and the database differ.
    """

    def __init__(
        self, engine: Engine, datamap: DataMap, files: Path, clock: Clock, jobs_go_offline: str
    ) -> None:
        self._engine = engine
        self._files = files
        self._clock = clock
        self._rules = Rules(metadata.tables, datamap, shared_too=jobs_go_offline == "all")
        with self._begin() as connection:
            if found := problems(datamap, inspect(connection)):
                raise DataMapError("; ".join(found))
            book.create(connection)

    def find(self, phone: str) -> Account | None:
        with self._begin() as connection:
            return people.by_phone(connection, phone)

    def account(self, account_id: str) -> Account | None:
        with self._begin() as connection:
            return people.by_id(connection, account_id)

    def standing(self, scope: Scope) -> Standing:
        with self._begin() as connection:
            return standing(connection, scope, self._clock())

    def holdings(self, scope: Scope) -> Holdings:
        with self._begin() as connection:
            return holdings(connection, scope, self._rows(connection, scope), self._clock())

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ACCESS, epoch)
            if book.is_planned(connection, closure):
                # Erasing has begun: it is shut for good, and what was erased is not frozen anew.
                return
            move = access.shut if frozen else access.lift
            move(connection, closure, people.keys(connection, scope), self._clock())

    def plan(self, closure: str, scope: Scope, epoch: int) -> tuple[Step, ...]:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            if not book.is_planned(connection, closure):
                rows = self._rows(connection, scope)
                access.shut(connection, closure, rows.keys, self._clock())
                planning.make(connection, closure, rows, self._clock())
            return planning.steps(connection, closure)

    def apply(self, closure: str, step: str, epoch: int) -> int:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            treated = book.treated(connection, closure, step)
            if treated is None:
                rows = Rows(self._rules, book.keys_of(connection, closure))
                now = self._clock()
                treated = applying.apply(connection, closure, step, rows, self._files, now)
            return treated

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...]:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            if keys := book.keys_of(connection, closure):
                rows = Rows(self._rules, keys)
                if left := checking.residue(connection, closure, rows, self._files):
                    return left
                checking.forget(connection, closure, self._clock())
        self._empty_the_log()
        return ()

    def _rows(self, connection: Connection, scope: Scope) -> Rows:
        return Rows(self._rules, people.keys(connection, scope))

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """One transaction."""
        with _telling_only_the_kind(), self._engine.begin() as connection:
            yield connection

    def _empty_the_log(self) -> None:
        """Old pages wait in SQLite's write-ahead log until it is carried over and cut."""
        if self._engine.dialect.name != "sqlite":
            return
        with _telling_only_the_kind(), closing(self._engine.raw_connection()) as connection:
            busy, *_ = connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise AccountSystemUnavailableError("the write-ahead log is in use")


@contextmanager
def _telling_only_the_kind() -> Iterator[None]:
    """Databases and file systems repeat values and paths in their messages."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        raise AccountSystemUnavailableError(type(error).__name__) from None
