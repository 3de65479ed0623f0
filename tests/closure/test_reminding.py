"""The SMS a day before restoring ends."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.closure.holding import Reason, hold, resume
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.services import Services
from portal.store.tables import Closure
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import DiesAt, Killed, mortal
from tests.closure.journeys import reload, submitted, tasks_of, work_on
from tests.closure.sms import last_text, messages, told
from tests.fakes import FakeClock
from tests.work import work

DAY = timedelta(hours=24)


@pytest.fixture
def closure(services: Services, clock: FakeClock) -> Closure:
    """Submitted at four in the morning, so that restoring ends at four in the afternoon."""
    clock.advance(hours=-6)
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


def reminders(services: Services) -> int:
    return told(services, CLEAN_SEEKER).count("reminder")


def test_it_comes_a_day_before_and_says_until_when(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at - DAY - timedelta(seconds=1))
    work(services)
    assert reminders(services) == 0
    clock.advance(seconds=1)
    work(services)
    assert reminders(services) == 1
    assert "11月26日16:00后开始处理" in last_text(services, CLEAN_SEEKER)
    assert "/track " in last_text(services, CLEAN_SEEKER)


def test_at_night_it_waits_and_leaves_half_a_day(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.at(closure.erase_at - DAY)
    work(services)
    assert reminders(services) == 0
    clock.advance(hours=10)
    work(services)
    assert reminders(services) == 1
    assert closure.erase_at - clock() == timedelta(hours=14)


def test_held_nobody_is_reminded_and_resumed_it_is_planned_anew(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    clock.at(closure.erase_at - DAY)
    work(services)
    assert reminders(services) == 0
    resume(services, closure.id, Actor.OPERATOR)
    clock.at(reload(services, closure).erase_at - timedelta(hours=14))
    work(services)
    assert reminders(services) == 1


def test_one_held_overnight_is_not_reminded_in_the_morning(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.at(closure.erase_at - DAY)
    work(services)
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    clock.advance(hours=10)
    work(services)
    assert reminders(services) == 0


def test_whoever_resumed_with_a_day_left_was_told_that_already(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at - timedelta(hours=1))
    work(services)
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    resume(services, closure.id, Actor.OPERATOR)
    assert tasks_of(services, Kind.REMIND) == []


def test_a_window_shorter_than_a_day_has_no_reminder(services: Services) -> None:
    short = replace(services, settings=replace(services.settings, erase_after=DAY))
    submitted(short, CLEAN_SEEKER)
    assert tasks_of(short, Kind.REMIND) == []


def test_restored_nobody_is_reminded(services: Services, closure: Closure) -> None:
    restore(services, closure.id)
    assert tasks_of(services, Kind.REMIND) == []


def test_after_an_outage_it_does_not_come_too_late(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at)
    work_on(services, Kind.REMIND)
    assert messages(services, "reminder") == []


@pytest.mark.parametrize("moment", range(1, 6))
def test_dying_at_any_moment_it_comes_once(
    services: Services, clock: FakeClock, closure: Closure, moment: int
) -> None:
    clock.at(closure.erase_at - DAY)
    with pytest.raises(Killed):
        work_on(mortal(services, DiesAt(moment)), Kind.REMIND)
    for _ in range(2):
        clock.advance(minutes=2)
        work(services)
    assert reminders(services) == 1
