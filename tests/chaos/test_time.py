"""Whatever clocks, calendars, holds and outages do: nothing is early and nothing forgotten."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from portal.clock import SHANGHAI
from portal.closure.lifecycle import State
from portal.jobs.run import run_task
from portal.services import Services
from tests.chaos.lives import (
    Life,
    born,
    due,
    erase_task,
    give_back,
    goes_to_its_end,
    hold,
    is_closed_once,
    pending,
    resume,
    submit,
)
from tests.closure.faults import DiesAt, Killed, mortal
from tests.closure.journeys import reload
from tests.fakes import FakeClock
from tests.people import Walk
from tests.work import work

MICROSECOND = timedelta(microseconds=1)


def here(text: str) -> datetime:
    """An instant in Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


CALENDAR = {
    "month end": ("2026-04-27T10:00", "2026-05-01T22:00", "2026-05-02T10:00"),
    "february": ("2027-02-26T10:00", "2027-03-02T22:00", "2027-03-03T10:00"),
    "leap day": ("2028-02-25T10:00", "2028-02-29T22:00", "2028-03-01T10:00"),
    "on the leap day": ("2028-02-29T23:59:59", "2028-03-05T11:59:59", "2028-03-05T23:59:59"),
    "year end": ("2026-12-28T10:00", "2027-01-01T22:00", "2027-01-02T10:00"),
    "midnight": ("2026-12-31T00:00", "2027-01-04T12:00", "2027-01-05T00:00"),
    # Where other countries turn their clocks.
    "summer time": ("2026-10-24T10:00", "2026-10-28T22:00", "2026-10-29T10:00"),
}
"""Submitted, erasing from, promised by."""


@pytest.mark.parametrize(("submitted", "erase", "promise"), CALENDAR.values(), ids=CALENDAR)
def test_the_instants_are_108_and_120_hours_in_every_calendar(
    services: Services, clock: FakeClock, submitted: str, erase: str, promise: str
) -> None:
    clock.at(here(submitted))
    life = pending(services)
    assert (life.it.erase_at, life.it.promise_at) == (here(erase), here(promise))
    clock.at(here(erase) - MICROSECOND)
    work(life.services)
    assert life.state() == State.PENDING
    clock.at(here(erase))
    work(life.services)
    is_closed_once(life)


@pytest.mark.parametrize(("submitted", "erase", "promise"), CALENDAR.values(), ids=CALENDAR)
def test_the_page_shows_them_in_shanghai(
    walk: Walk, clock: FakeClock, submitted: str, erase: str, promise: str
) -> None:
    clock.at(here(submitted))
    walk.submits()
    for instant in (erase, promise):
        at = here(instant)
        assert f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}" in walk.browser.text


def test_a_clock_set_back_an_hour_makes_nothing_early_and_forgets_nothing(
    services: Services, clock: FakeClock
) -> None:
    life = due(services)
    clock.advance(hours=-1)
    work(life.services)
    assert life.state() == State.PENDING
    clock.advance(hours=1)
    work(life.services)
    is_closed_once(life)


def test_a_clock_set_back_while_a_worker_dies_is_waited_for_and_no_longer(
    services: Services, clock: FakeClock
) -> None:
    """Its lease ends by the clock it was taken by."""
    life = due(services)
    task_id = erase_task(life)
    with suppress(Killed):
        run_task(mortal(life.services, DiesAt(30)), task_id)
    clock.advance(hours=-1)
    work(life.services)
    assert life.state() == State.ERASING
    clock.advance(hours=1, seconds=60)
    work(life.services)
    is_closed_once(life)


def test_a_hold_that_ends_before_it_began_takes_nothing_away(
    services: Services, clock: FakeClock
) -> None:
    """The clock was set back meanwhile: the promise may not come earlier for that."""
    life = pending(services)
    hold(services, life)
    clock.advance(hours=-2)
    resume(services, life)
    now = reload(services, life.it)
    assert now.erase_at >= life.it.erase_at
    assert now.promise_at >= life.it.promise_at
    goes_to_its_end(life)


@pytest.mark.usefixtures("both_databases")
def test_after_days_of_outage_everything_due_is_done(services: Services, clock: FakeClock) -> None:
    life = born(services)
    submit(life.services, life)
    clock.advance(days=9)
    work(life.services)
    assert clock() > life.it.promise_at
    is_closed_once(life)


def test_until_the_work_goes_on_again_one_can_still_restore(
    services: Services, clock: FakeClock
) -> None:
    """By the state, not by the instant: nothing was erased yet."""
    life = pending(services)
    clock.advance(days=9)
    give_back(services, life)
    work(life.services)
    assert life.state() == State.RESTORED
    assert life.paper.open


def test_a_review_that_was_missed_for_days_is_done_before_erasing(
    services: Services, clock: FakeClock
) -> None:
    life = pending(services)
    clock.advance(days=9)
    work(life.services)
    assert life.told()["closure.reviewed"] >= 1
    is_closed_once(life)


@pytest.mark.parametrize(
    "holds",
    [
        [(1, 5)] * 3,
        [(107, 0.5), (23, 1), (23, 48)],
        [(0, 24 * 40)],
        [(100, 1), (1, 1), (1, 1), (1, 1)],
    ],
    ids=["short ones", "always at the last hour", "weeks", "one after the other"],
)
def test_held_and_resumed_several_times_it_is_never_early_and_never_forgotten(
    services: Services, clock: FakeClock, holds: list[tuple[float, float]]
) -> None:
    life = pending(services)
    held = timedelta(0)
    for hours_before, hours_held in holds:
        clock.advance(hours=hours_before)
        work(life.services)
        hold(services, life)
        clock.advance(hours=hours_held)
        work(life.services)
        resume(services, life)
        held += timedelta(hours=hours_held)
        is_moved(life, held)
    erase_at = reload(services, life.it).erase_at
    clock.at(erase_at - MICROSECOND)
    work(life.services)
    assert life.state() == State.PENDING
    clock.at(erase_at)
    work(life.services)
    is_closed_once(life)


def is_moved(life: Life, held: timedelta) -> None:
    """Both instants by all the time held, and a day to restore remains."""
    now = reload(life.services, life.it)
    assert now.erase_at >= life.it.erase_at + held
    assert now.promise_at >= life.it.promise_at + held
    assert now.erase_at >= life.services.clock() + timedelta(hours=24)
    assert now.promise_at > now.erase_at


def test_instants_do_not_depend_on_the_machines_time_zone(
    services: Services, clock: FakeClock
) -> None:
    clock.at(datetime(2026, 12, 31, 16, 0, tzinfo=UTC))
    assert pending(services).it.promise_at == here("2027-01-06T00:00")
