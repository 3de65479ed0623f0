"""Doing one task: claimed, called, put off when it fails, never lost and never loud."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from portal.accounts.system import StaleEpochError
from portal.jobs.run import HANDLERS, run_task, waiting
from portal.services import Services
from portal.store import tasks
from portal.store.alerts import open_alerts
from portal.store.tables import Alert, Task
from portal.store.tasks import Claim, ClaimLostError, Kind
from tests.cast import CLEAN_SEEKER
from tests.closure.journeys import submitted, tasks_of
from tests.fakes import FakeClock
from tests.logged import logged

pytestmark = pytest.mark.usefixtures("both_databases")

Handler = Callable[[Services, Claim], datetime | None]


@pytest.fixture
def task_id(services: Services) -> str:
    with services.store.begin() as session:
        return tasks.schedule(session, Kind.REVIEW, "subject", services.clock())


@pytest.fixture
def handle(monkeypatch: pytest.MonkeyPatch) -> Callable[[Handler], None]:
    """Decides what it means to do a review."""
    return lambda handler: monkeypatch.setitem(HANDLERS, Kind.REVIEW, handler)


def row(services: Services, task_id: str) -> Task | None:
    with services.store.begin() as session:
        return session.get(Task, task_id)


def alerts(services: Services) -> list[Alert]:
    with services.store.begin() as session:
        return open_alerts(session)


def raises(error: Exception) -> Handler:
    def handler(_services: Services, _claim: Claim) -> None:
        raise error

    return handler


def test_a_done_task_is_off_the_list(services: Services, task_id: str, handle: Callable) -> None:
    done: list[Claim] = []
    handle(lambda _, claim: done.append(claim))
    run_task(services, task_id)
    assert done == [Claim(task_id, Kind.REVIEW, "subject", epoch=1, attempts=0)]
    assert row(services, task_id) is None


def test_a_task_that_comes_again_is_free_until_then(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(lambda *_: clock() + timedelta(days=1))
    run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert (left.due_at, left.lease_until) == (clock() + timedelta(days=1), None)


def test_a_failure_puts_it_off_and_keeps_only_the_kind_of_error(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(ValueError(f"no {CLEAN_SEEKER.phone}")))
    with logged() as log:
        run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert (left.attempts, left.last_error, left.lease_until) == (1, "ValueError", None)
    assert timedelta(seconds=4.5) <= left.due_at - clock() <= timedelta(seconds=5.5)
    assert CLEAN_SEEKER.phone not in log.text
    (line,) = log.read()
    assert line.pop("timestamp")
    assert line == {
        "event": "task failed",
        "level": "warning",
        "task": task_id,
        "kind": "review",
        "error": "ValueError",
        "attempts": 1,
        "needs_operator": False,
    }


def test_failures_add_up_and_success_forgets_them(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(ValueError()))
    for attempts in (1, 2, 3):
        run_task(services, task_id)
        left = row(services, task_id)
        assert left is not None
        assert left.attempts == attempts
        clock.at(left.due_at)
    handle(lambda *_: clock())
    run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert left.attempts == 0


def test_from_the_eighth_failure_on_an_operator_is_needed(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(ValueError()))
    with capture_logs() as logs:
        for _ in range(10):
            run_task(services, task_id)
            clock.advance(minutes=10)
    assert [line["needs_operator"] for line in logs] == [*[False] * 7, *[True] * 3]
    assert {line["log_level"] for line in logs if line["needs_operator"]} == {"error"}


def test_from_then_on_there_is_an_alert_that_counts(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(ValueError(CLEAN_SEEKER.phone)))
    for times in (0, 0, 0, 0, 0, 0, 0, 1, 2):
        run_task(services, task_id)
        clock.advance(minutes=10)
        assert [alert.times for alert in alerts(services)] == [times] * bool(times)
    (alert,) = alerts(services)
    assert (alert.kind, alert.subject) == ("task_fails", "review")
    assert alert.facts == {"kind": "review", "error": "ValueError", "attempts": 9}


def test_what_is_done_for_a_closure_is_told_by_its_reference(
    services: Services, handle: Callable, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    handle(raises(ValueError()))
    with logged() as log:
        for task in tasks_of(services, Kind.REVIEW) * services.settings.tries:
            run_task(services, task.id)
            clock.advance(days=1)
    assert {line["closure"] for line in log.read()} == {closure.reference}
    assert [alert.subject for alert in alerts(services)] == [closure.reference]


def test_a_claim_lost_at_the_last_failure_raises_no_alert(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    def overtaken(_services: Services, claim: Claim) -> None:
        with services.store.begin() as session:
            tasks.schedule(session, claim.kind, claim.subject, clock())
        raise ValueError

    handle(overtaken)
    run_task(replace(services, settings=replace(services.settings, tries=1)), task_id)
    assert alerts(services) == []


def test_an_unknown_task_is_quiet(services: Services) -> None:
    with capture_logs() as logs:
        run_task(services, "nothing")
    assert logs == []


def test_a_task_that_is_not_due_is_not_done(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(AssertionError()))
    clock.advance(microseconds=-1)
    run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert (left.epoch, left.attempts) == (0, 0)


def test_a_task_that_somebody_holds_is_not_done(
    services: Services, task_id: str, handle: Callable, clock: FakeClock
) -> None:
    handle(raises(AssertionError()))
    with services.store.begin() as session:
        tasks.claim(session, task_id, clock(), services.settings.lease)
    run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert (left.epoch, left.attempts) == (1, 0)


@pytest.mark.parametrize("error", [ClaimLostError(), StaleEpochError()])
def test_who_was_overtaken_stops_quietly_and_leaves_the_task_alone(
    services: Services, task_id: str, handle: Callable, error: Exception
) -> None:
    handle(raises(error))
    with capture_logs() as logs:
        run_task(services, task_id)
    left = row(services, task_id)
    assert logs == []
    assert left is not None
    assert (left.attempts, left.last_error) == (0, None)


@pytest.mark.parametrize("end", ["done", "failed", "again"])
def test_a_claim_lost_on_the_way_is_not_written_over(
    services: Services, task_id: str, handle: Callable, clock: FakeClock, end: str
) -> None:
    def rescheduled(_services: Services, _claim: Claim) -> datetime | None:
        with services.store.begin() as session:
            tasks.schedule(session, Kind.REVIEW, "subject", clock() + timedelta(hours=3))
        if end == "failed":
            raise ValueError
        return clock() if end == "again" else None

    handle(rescheduled)
    run_task(services, task_id)
    left = row(services, task_id)
    assert left is not None
    assert (left.due_at, left.attempts) == (clock() + timedelta(hours=3), 0)


def test_there_is_a_handler_for_every_kind() -> None:
    assert set(HANDLERS) == set(Kind)


@given(st.integers(0, 10_000))
def test_waits_grow_from_five_seconds_to_five_minutes(attempts: int) -> None:
    seconds = waiting(attempts).total_seconds()
    planned = min(5 * 2 ** min(attempts, 10), 300)
    assert planned * 0.9 <= seconds <= planned * 1.1
