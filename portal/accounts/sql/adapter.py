"""The account system over SQL: one method, one transaction."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
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
from portal.store.engine import LogInUseError, empty_log


class SqlAccountSystem:
    """The ``AccountSystem`` whose accounts lie in ``engine`` and whose files lie in ``files``.

    Raises DataMapError when the map and the database differ.
    """

    def __init__(self, engine: Engine, datamap: DataMap, files: Path, clock: Clock) -> None:
        self._engine = engine
        self._files = files
        self._clock = clock
        self._rules = Rules(metadata.tables, datamap)
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

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        with self._begin() as connection:
            rows = Rows(self._rules, people.keys(connection, scope), shared_jobs_too)
            return holdings(connection, scope, rows, self._clock())

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ACCESS, epoch)
            if book.is_planned(connection, closure):
                # Erasing has begun: it is shut for good, and what was erased is not frozen anew.
                return
            move = access.shut if frozen else access.lift
            move(connection, closure, people.keys(connection, scope), self._clock())

    def plan(
        self, closure: str, scope: Scope, epoch: int, *, shared_jobs_too: bool
    ) -> tuple[Step, ...]:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            if not book.is_planned(connection, closure):
                rows = Rows(self._rules, people.keys(connection, scope), shared_jobs_too)
                access.shut(connection, closure, rows.keys, self._clock())
                planning.make(connection, closure, rows, self._clock())
            return planning.steps(connection, closure)

    def apply(self, closure: str, step: str, epoch: int) -> int:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            treated = book.treated(connection, closure, step)
            if treated is None:
                rows = self._planned(connection, closure)
                now = self._clock()
                treated = applying.apply(connection, closure, step, rows, self._files, now)
            return treated

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...]:
        with self._begin() as connection:
            book.pass_fence(connection, closure, book.ERASING, epoch)
            rows = self._planned(connection, closure)
            if rows.keys:
                now = self._clock()
                if left := checking.lasting_residue(connection, closure, rows, self._files, now):
                    return left
                checking.forget(connection, closure, now)
        with _telling_only_the_kind():
            empty_log(self._engine)
        return ()

    def _planned(self, connection: Connection, closure: str) -> Rows:
        """The rows of the closure as it was planned; without keys once they are forgotten."""
        return Rows(self._rules, *book.found_by(connection, closure))

    @contextmanager
    def _begin(self) -> Iterator[Connection]:
        """One transaction."""
        with _telling_only_the_kind(), self._engine.begin() as connection:
            yield connection


@contextmanager
def _telling_only_the_kind() -> Iterator[None]:
    """Databases and file systems repeat values and paths in their messages."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, LogInUseError) as error:
        raise AccountSystemUnavailableError(type(error).__name__) from None
