"""A sample account system of a test's own, and ways to look at it."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine, MetaData, event, select
from sqlalchemy.exc import OperationalError

from portal.accounts.sample import DATAMAP
from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema import metadata
from portal.accounts.sql import people
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.bookkeeping import metadata as own_tables
from portal.accounts.sql.datamap import DataMap
from portal.accounts.system import Residue, Scope, Step
from portal.store.vault import Vault
from tests.fakes import FakeClock

MAP = DataMap.load(DATAMAP)
VAULT = Vault(bytes(range(32)))
T = TypeVar("T")

Dump = dict[str, dict[Any, dict[str, Any]]]
"""Rows by table and id."""


def until_done(call: Callable[[], T | None]) -> T:
    """The answer, after as many bites as it takes."""
    while True:
        if (answer := call()) is not None:
            return answer


@dataclass(frozen=True)
class World:
    engine: Engine
    files: Path
    clock: FakeClock
    bite: int = 5000

    @cached_property
    def _system(self) -> SqlAccountSystem:
        return self.new_system()

    def system(self) -> SqlAccountSystem:
        """The adapter; made once, because holding the map against the database takes its time."""
        return self._system

    def new_system(self) -> SqlAccountSystem:
        """A new adapter, as a new process would make one."""
        return SqlAccountSystem(self.engine, MAP, self.files, self.clock, VAULT, self.bite)

    def scope(self, person: Person, *identity_ids: str) -> Scope:
        """The whole account, or only these identities of it."""
        with self.engine.begin() as connection:
            every = tuple(one.id for one in people.identities(connection, person.id))
        return Scope(person.id, identity_ids or every, whole=not identity_ids)

    def erase(self, scope: Scope, closure: str = "ZX-1") -> tuple[Residue, ...]:
        """All steps and the check; what is left."""
        self.apply(scope, closure)
        return self.check(closure)

    def apply(self, scope: Scope, closure: str = "ZX-1") -> None:
        """All steps, and no check."""
        names = [step.name for step in self.plan(scope, closure)]
        while names:
            names = names[len(self.steps(names, closure)) :]

    def step(self, name: str, closure: str = "ZX-1", epoch: int = 1) -> int:
        """This step alone; its rows."""
        return self.steps([name], closure, epoch)[0]

    def steps(self, names: list[str], closure: str = "ZX-1", epoch: int = 1) -> list[int]:
        """As many of the steps as one call does; their rows."""
        done = until_done(lambda: self.system().apply(closure, names, epoch))
        return [one.rows for one in done]

    def check(self, closure: str = "ZX-1") -> tuple[Residue, ...]:
        return until_done(lambda: self.system().check(closure, 1))

    def plan(
        self, scope: Scope, closure: str = "ZX-1", *, shared_jobs_too: bool = False
    ) -> tuple[Step, ...]:
        return until_done(
            lambda: self.system().plan(closure, scope, 1, shared_jobs_too=shared_jobs_too)
        )

    def dump(self, tables: MetaData = metadata) -> Dump:
        with self.engine.begin() as connection:
            return {
                table.name: {
                    tuple(row[c.name] for c in table.primary_key): dict(row)
                    for row in connection.execute(select(table)).mappings()
                }
                for table in tables.sorted_tables
            }

    def kept(self) -> list[dict[str, Any]]:
        """The rows that are kept by law."""
        return list(self.dump(own_tables)["closure_kept"].values())

    def run(self, statement: Any) -> Any:
        """The first value a statement answers, if it answers any."""
        with self.engine.begin() as connection:
            result = connection.execute(statement)
            return result.scalar() if result.returns_rows else None

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """The statements that are sent inside the block."""
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            sent.append(statement)

        event.listen(self.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.engine, "before_cursor_execute", note)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Inside the block somebody else reads an older state of the SQLite file."""
        path = self.files.parent / "accounts.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM account").fetchone()
            yield

    def everything_on_disk(self) -> bytes:
        """Every byte of the database (its log too) and of the stored files."""
        paths = (path for path in self.files.parent.rglob("*") if path.is_file())
        return b"".join(path.read_bytes() for path in paths)

    @contextmanager
    def failing_at(self, number: int) -> Iterator[None]:
        """Inside the block the ``number``-th statement (from 1) fails, as if the disk were."""
        sent = 0

        def fail(*_: object) -> None:
            nonlocal sent
            sent += 1
            if sent == number:
                raise OperationalError("", {}, Exception("disk I/O error"))

        event.listen(self.engine, "before_cursor_execute", fail)
        try:
            yield
        finally:
            event.remove(self.engine, "before_cursor_execute", fail)
