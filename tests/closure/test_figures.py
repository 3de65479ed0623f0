"""The figures, each against rows that were put there, and read without looking at everything."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from portal.closure.figures import Due, Failing, Figures, Steps, oldest_due, read
from portal.closure.lifecycle import State
from portal.identity import challenge
from portal.services import Services
from portal.store import alerts, tasks
from portal.store.alerts import acknowledge, open_alerts, raise_alert
from portal.store.tables import Anchor, Brake, ErasureStep, Event, Task
from tests.cast import CLEAN_SEEKER
from tests.closure.crowd import a_closure
from tests.closure.journeys import accepted, verified
from tests.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("both_databases")

BIG = ("closure", "erasure_step", "event", "task")
"""Tables with rows for all there ever was."""


def figures(services: Services) -> Figures:
    with services.store.begin() as session:
        return read(session, services.clock(), services.settings.tries)


def add(services: Services, *rows: Any) -> None:
    with services.store.begin() as session:
        for row in rows:
            session.add(row)
            session.flush()


def a_task(services: Services, subject: str, kind: str = "review", **different: Any) -> Task:
    values = {"due_at": services.clock(), "epoch": 0, "attempts": 0} | different
    return Task(id=subject, kind=kind, subject=subject, **values)


def test_with_nothing_going_on_every_known_figure_is_none(services: Services) -> None:
    now = figures(services)
    assert now.open_closures == {"pending": 0, "held": 0, "erasing": 0}
    assert now.ended_closures == {"restored": 0, "refused": 0, "closed": 0}
    assert now.due == {kind: Due() for kind in tasks.Kind}
    assert now.failing == {kind: Failing() for kind in tasks.Kind}
    assert now.open_alerts == dict.fromkeys(alerts.Kind, 0)
    assert now.codes == dict.fromkeys(challenge.State, 0)
    assert (now.overdue_closures, now.last_event, now.unanchored) == (0, 0, 0)
    assert (now.anchor_age, now.brake, now.steps, now.messages) == (None, False, {}, {})


def test_open_closures_count_however_old_and_ended_ones_for_a_day(
    services: Services, clock: FakeClock
) -> None:
    old = clock() - timedelta(days=1)
    for state in State:
        add(
            services,
            a_closure(clock(), state=state),
            a_closure(clock(), state=state, changed_at=old),
        )
    now = figures(services)
    assert now.open_closures == {"pending": 2, "held": 2, "erasing": 2}
    assert now.ended_closures == {"restored": 1, "refused": 1, "closed": 1}


def test_late_closures_are_counted(services: Services, clock: FakeClock) -> None:
    add(services, *(a_closure(clock(), state=state) for state in State))
    assert figures(services).overdue_closures == 0
    clock.advance(days=5, seconds=1)
    assert figures(services).overdue_closures == 2


def test_due_work_counts_from_when_it_was_due_unless_somebody_does_it(
    services: Services, clock: FakeClock
) -> None:
    lease = clock() + timedelta(seconds=70)
    add(services, a_task(services, "a"), a_task(services, "b", due_at=clock() - timedelta(hours=1)))
    add(services, a_task(services, "c", "erase", due_at=clock() + timedelta(hours=1)))
    add(services, a_task(services, "d", "erase", lease_until=lease))
    clock.advance(minutes=1)
    due = figures(services).due
    assert due["review"] == Due(2, timedelta(hours=1, minutes=1))
    assert due["erase"] == Due()
    clock.advance(minutes=1)
    assert figures(services).due["erase"] == Due(1, timedelta(minutes=2))


def test_the_oldest_due_of_all_kinds(services: Services, clock: FakeClock) -> None:
    add(services, a_task(services, "a"), a_task(services, "b", "erase"))
    clock.advance(minutes=3)
    with services.store.begin() as session:
        assert oldest_due(session, clock()) == timedelta(minutes=3)


def test_failing_work_is_stuck_from_the_eighth_failure_on(services: Services) -> None:
    for failures in (0, 1, 7, 8, 9):
        add(services, a_task(services, f"{failures}", attempts=failures))
    assert figures(services).failing["review"] == Failing(4, 2)


def test_steps_of_the_last_day_by_category(services: Services, clock: FakeClock) -> None:
    closure = a_closure(clock())
    add(services, closure)
    took = (100, 900, 5000, None)
    ago = (timedelta(0), timedelta(hours=23), timedelta(days=1), timedelta(0))
    for position, (ms, before) in enumerate(zip(took, ago, strict=True)):
        step = ErasureStep(closure_id=closure.id, position=position, name="", category="chats")
        step.outcome, step.planned, step.took_ms, step.done_at = "delete", 1, ms, clock() - before
        add(services, step)
    second, longest = timedelta(seconds=1), timedelta(milliseconds=900)
    assert figures(services).steps == {"chats": Steps(2, second, longest)}


def test_codes_asked_for_sent_and_verified(services: Services) -> None:
    verified(services, CLEAN_SEEKER, accepted(services))
    now = figures(services)
    assert now.codes == {"live": 0, "used": 1, "dead": 0}
    assert now.messages == {("code", "sent"): 1}


def test_codes_for_strangers_are_no_codes(services: Services, clock: FakeClock) -> None:
    with services.store.begin() as session:
        challenge.start(session, services.vault, clock(), "+8619912345678", None, "192.0.2.1")
    assert figures(services).codes["live"] == 0


def test_the_ledger_is_as_long_as_its_newest_event_and_anchored_up_to_the_last_head(
    services: Services, clock: FakeClock
) -> None:
    values = {"journey_id": "j", "kind": "k", "actor": "a", "facts": {}, "hash": ""}
    add(services, *(Event(id=name, at=clock(), **values) for name in "abc"))
    assert (figures(services).last_event, figures(services).unanchored) == (3, 3)
    add(services, Anchor(number=0, at=clock(), first_seq=1, last_seq=1, head=b""))
    add(services, Anchor(number=1, at=clock(), first_seq=2, last_seq=2, head=b""))
    clock.advance(minutes=5)
    now = figures(services)
    assert (now.unanchored, now.anchor_age) == (1, timedelta(minutes=5))


def test_alerts_count_until_they_are_acknowledged(services: Services, clock: FakeClock) -> None:
    with services.store.begin() as session:
        raise_alert(session, alerts.Kind.RESIDUE, "a", clock())
        raise_alert(session, alerts.Kind.RESIDUE, "b", clock())
        acknowledge(session, open_alerts(session)[0].id, "operator", clock())
    assert figures(services).open_alerts["residue"] == 1


def test_the_brake_is_on_until_it_is_lifted(services: Services, clock: FakeClock) -> None:
    add(services, Brake(cause="many", pulled_at=clock(), lifted_at=clock()))
    assert not figures(services).brake
    add(services, Brake(cause="many", pulled_at=clock()))
    assert figures(services).brake


@contextmanager
def plans(services: Services) -> Iterator[list[str]]:
    """The plan of each SELECT made in the block, as the database tells it."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        asked.append((statement, parameters))

    engine, found = services.store.engine, list[str]()
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)
    with engine.begin() as connection:
        postgres = engine.dialect.name == "postgresql"
        if postgres:
            # With these few rows it would rather look at all of them.
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        explain = "EXPLAIN " if postgres else "EXPLAIN QUERY PLAN "
        for statement, parameters in asked:
            if statement.startswith("SELECT"):
                rows = connection.exec_driver_sql(explain + statement, parameters)
                found += [str(row[-1]) for row in rows]


def test_no_figure_looks_at_all_there_ever_was(services: Services) -> None:
    with plans(services) as found:
        figures(services)
    everything = re.compile(rf"(?:Seq Scan on|SCAN) (?:{'|'.join(BIG)})(?! USING INDEX ix_task_f)")
    assert len(found) >= len(BIG)
    assert [line for line in found if everything.search(line)] == []
