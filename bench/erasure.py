"""Erasing through the adapter against the same rows removed by hand-written SQL, and at a million.

By hand means: one statement and one transaction for each step, whatever it is told to write, with
nothing planned, fenced, marked or checked.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert, text

from bench.by_hand import erase_by_hand
from bench.crowd import crowd
from portal.accounts.sample import DATAMAP
from portal.accounts.sample.cast import Person
from portal.accounts.sample.people import settle
from portal.accounts.sample.schema.account import security_event
from portal.accounts.sample.schema.contact import chat_message
from portal.accounts.sample.schema.seeking import search_record
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.datamap import DataMap
from portal.accounts.system import Scope
from portal.closure.steps import applied, until_done
from portal.store.engine import make_engine
from portal.store.vault import Vault
from tests.cast import CLEAN_SEEKER
from tests.chaos.crowd import move_in
from tests.fakes import FakeClock
from tests.services import Postgres, postgres_programs

MILLION = 1_000_000
WARMING, USUAL = 12, 30
"""A worker has its statements compiled, and the database prepared, after some ten people."""


@dataclass
class Watch:
    """What an engine does: statements, and how long each transaction is."""

    engine: Engine
    statements: int = 0
    transactions: list[float] = field(default_factory=list)
    _begun: float = 0

    def __post_init__(self) -> None:
        event.listen(self.engine, "before_cursor_execute", self._count)
        event.listen(self.engine, "begin", self._begin)
        event.listen(self.engine, "commit", self._end)

    def _count(self, *_: object) -> None:
        self.statements += 1

    def _begin(self, _: object) -> None:
        self._begun = time.perf_counter()

    def _end(self, _: object) -> None:
        self.transactions.append(time.perf_counter() - self._begun)


def measure() -> Iterator[str]:
    programs = postgres_programs()
    with ExitStack() as stack:
        urls: dict[str, Callable[[Path], str]] = {
            "SQLite": lambda at: f"sqlite:///{at}/accounts.db"
        }
        if programs:
            server = stack.enter_context(Postgres.started(programs, durable=True))
            urls["PostgreSQL"] = lambda _: server.url(server.create())
        for name, url in urls.items():
            yield f"{name}: {_usual(url)}"
            yield f"{name}: {_million(url)}"


@contextmanager
def _people(url: Callable[[Path], str]) -> Iterator[tuple[Engine, SqlAccountSystem]]:
    with tempfile.TemporaryDirectory() as name:
        engine, clock, files = make_engine(url(Path(name))), FakeClock(), Path(name) / "files"
        settle(engine, files, clock())
        move_in(engine, files, crowd(WARMING + USUAL), clock())
        datamap, seal = DataMap.load(DATAMAP), Vault(bytes(32))
        yield engine, SqlAccountSystem(engine, datamap, files, clock, seal, 5000)
        engine.dispose()


def _usual(url: Callable[[Path], str]) -> str:
    """In turns, person by person, so that whatever else the machine does hits both alike."""
    with _people(url) as (engine, system), _people(url) as (bare, others):
        watch, rows, made, ours, hand, cpu = Watch(engine), 0, 0, 0.0, 0.0, 0.0
        for number, person in enumerate(crowd(WARMING + USUAL)):
            scope = _scope(system, person)
            system.set_access(_closure(person), scope, frozen=True, epoch=1)
            if number == WARMING:
                watch.statements, rows, ours, hand, cpu = 0, 0, 0.0, 0.0, 0.0
            before = watch.statements
            began, began_cpu = time.perf_counter(), time.process_time()
            rows += _erase(system, person, scope)
            ours += time.perf_counter() - began
            cpu += time.process_time() - began_cpu
            made = watch.statements - before
            scope = _scope(others, person)
            began = time.perf_counter()
            erase_by_hand(bare, scope)
            hand += time.perf_counter() - began
    return (
        f"erasing a person of {rows / USUAL:.0f} rows: {ours / hand:.2f} x the same by hand"
        f" ({ours / USUAL * 1000:.0f}, {hand / USUAL * 1000:.0f} ms; {cpu / USUAL * 1000:.0f} ms of"
        f" CPU), {made} statements, {60 * USUAL / ours:.0f} erasures a minute"
    )


def _million(url: Callable[[Path], str]) -> str:
    with _people(url) as (engine, system):
        person = CLEAN_SEEKER
        _live_long(engine, person)
        watch = Watch(engine)
        began = time.perf_counter()
        rows = _erase(system, person, _scope(system, person))
        seconds = time.perf_counter() - began
    return (
        f"erasing a person of {rows} rows: {seconds:.0f} s, {rows / seconds:.0f} rows/s,"
        f" {len(watch.transactions)} transactions, the longest {max(watch.transactions):.2f} s"
    )


def _live_long(engine: Engine, person: Person) -> None:
    """A quarter of the rows is kept by law, a quarter anonymised, half deleted."""
    at, bite = FakeClock()(), 50_000
    mine: dict[Any, dict[str, Any]] = {
        search_record: {"identity_id": person.seeker_id, "words": "工程师", "searched_at": at},
        chat_message: {"sender_id": person.seeker_id, "text": "您好", "sent_at": at},
        security_event: {
            "account_id": person.id,
            "what": "登录成功",
            "suspicious": False,
            "at": at,
        },
    }
    shares = {search_record: 2, chat_message: 1, security_event: 1}
    for table, row in mine.items():
        for _ in range(shares[table] * MILLION // 4 // bite):
            with engine.begin() as connection:
                connection.execute(insert(table).inline(), [row] * bite)
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))


def _scope(system: SqlAccountSystem, person: Person) -> Scope:
    account = system.account(person.id)
    if account is None:
        raise LookupError(person.key)
    return Scope(account.id, tuple(one.id for one in account.identities), whole=True)


def _closure(person: Person) -> str:
    return f"ZX-{person.key}"


def _erase(system: SqlAccountSystem, person: Person, scope: Scope) -> int:
    """Everything, as the erase task does it; answers the rows."""
    closure = _closure(person)
    steps = until_done(lambda: system.plan(closure, scope, 1, shared_jobs_too=False))
    names = [step.name for step in steps]
    rows = sum(one.rows for done in applied(system, closure, names, 1) for one in done)
    if left := until_done(lambda: system.check(closure, 1)):
        raise RuntimeError(str(left))
    return rows
