"""Finding what is due among many, on both databases; and how often a batch of rings goes to Redis.

The same hundred tasks are due among a thousand closures and among a million. The plan of the
query that finds them stands below the figure.
"""

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

from redis.connection import AbstractConnection
from sqlalchemy import Connection, Engine, event, text

from bench.world import world
from portal.closure.sweep import ALWAYS, BATCH, sweep
from portal.jobs.queue import RedisBell, connect
from portal.services import Services
from portal.store.engine import Store, make_engine
from portal.store.migrate import upgrade
from tests.services import Postgres, postgres_programs, valkey

FEW, MANY, DUE, ROUNDS = 1_000, 1_000_000, 100, 15
_NUMBERS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :last)",
    "postgresql": "WITH n AS (SELECT generate_series(0, CAST(:last AS bigint)) AS i)",
}
_CLOSURES = """\
INSERT INTO closure (id, reference, journey_id, state, version, account_id, identity_ids, whole,
  shared_jobs_too, notice_version, submitted_at, erase_at, promise_at, changed_at,
  access_confirmed)
{numbers} SELECT 'c' || i, 'ZX-' || i, 'j' || i, 'pending', 1, 'a' || i, '[]', true, false,
  '2025V1', :now, :now + 388800000000, :now + 432000000000, :now, true FROM n"""
_TASKS = """\
INSERT INTO task (id, kind, subject, due_at, epoch, attempts)
{numbers} SELECT '{kind}' || i, '{kind}', 'c' || i,
  CASE WHEN '{kind}' = 'erase' AND i % :every = 0 THEN :now - 1000000 - i
  ELSE :now + 60000000 + i % 388800 * 1000000 END, 0, 0 FROM n"""


class Heard:
    """A bell that is always heard."""

    def ring(self, *_task_ids: str, **_: bool) -> bool:
        return True


def measure() -> list[str]:
    figures = [_enqueuing()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures += _sweeping("SQLite", *(f"sqlite:///{folder}/{n}.db" for n in (FEW, MANY)))
    if programs := postgres_programs():
        with Postgres.started(programs) as server:
            figures += _sweeping("PostgreSQL", *(server.url(server.create()) for _ in range(2)))
    return figures


def _enqueuing() -> str:
    """Round trips to Redis: each is one write of the client to its socket."""
    ids = [f"{number:032}" for number in range(BATCH)]
    with valkey() as url, connect(url) as redis:
        bell = RedisBell(redis)
        bell.ring(ids[0])
        send = AbstractConnection.send_packed_command
        with mock.patch.object(AbstractConnection, "send_packed_command", autospec=True) as sent:
            sent.side_effect = send
            bell.ring(*ids)
            together = sent.call_count
            for task_id in ids:
                bell.ring(task_id)
        alone = sent.call_count - together
    return f"enqueuing {BATCH} rings: {together} round trips together, {alone} one by one"


def _sweeping(name: str, few_url: str, many_url: str) -> list[str]:
    with world() as here:
        few, many = _crowd(here.services, few_url, FEW), _crowd(here.services, many_url, MANY)
        pairs = [(_swept(few), _swept(many)) for _ in range(ROUNDS)]
        plan = _plan(many)
    short, long = (min(times) for times in zip(*pairs, strict=True))
    few.store.engine.dispose()
    many.store.engine.dispose()
    return [
        (
            f"sweep on {name}: {DUE} due among {MANY} closures in {long / short:.2f} x the time"
            f" among {FEW} ({long * 1000:.1f} against {short * 1000:.1f} ms)"
        ),
        *(f"    {line}" for line in plan),
    ]


def _crowd(services: Services, url: str, number: int) -> Services:
    """A portal with so many pending closures, each with its two tasks."""
    engine = make_engine(url)
    upgrade(engine)
    numbers = _NUMBERS[engine.dialect.name]
    now = int(services.clock().timestamp()) * 1_000_000
    values = {"last": number - 1, "now": now, "every": number // DUE}
    with engine.begin() as connection:
        for statement, kind in ((_CLOSURES, ""), (_TASKS, "erase"), (_TASKS, "review")):
            connection.execute(text(statement.format(numbers=numbers, kind=kind)), values)
        connection.execute(text("ANALYZE"))
    crowd = replace(services, store=Store(engine), bell=Heard())
    sweep(crowd)
    return crowd


def _swept(services: Services) -> float:
    """Seconds of one sweep that finds all of them."""
    with services.store.begin() as session:
        session.execute(text("UPDATE task SET rung_at = NULL WHERE rung_at IS NOT NULL"))
        session.execute(text("DELETE FROM task WHERE kind = 'retention'"))
    begun = time.perf_counter()
    rung, _ = sweep(services)
    taken = time.perf_counter() - begun
    assert len(rung) == DUE + len(ALWAYS), len(rung)
    return taken


def _plan(services: Services) -> list[str]:
    """How the database finds the due tasks: those for the usual workers, of most kinds."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engine: Engine = services.store.engine
    event.listen(engine, "before_cursor_execute", note)
    _swept(services)
    event.remove(engine, "before_cursor_execute", note)
    due = max(
        (one for one in asked if "ORDER BY task.due_at" in one[0]), key=lambda one: len(one[1])
    )
    explain = "EXPLAIN QUERY PLAN " if engine.dialect.name == "sqlite" else "EXPLAIN "
    with engine.begin() as connection:
        rows = connection.exec_driver_sql(explain + due[0], due[1]).all()
    return [str(row[-1]) for row in rows]
