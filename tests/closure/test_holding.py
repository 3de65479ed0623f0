"""Holding a closure, going on with it, or ending it (三.5)."""

from datetime import timedelta

import pytest

from portal.closure.holding import OF_CONDITION, Reason, hold, refuse, resume
from portal.closure.lifecycle import MovedOnError, State
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Actor, read
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of
from tests.fakes import FakeClock
from tests.races import at_once
from tests.work import work


@pytest.fixture
def closure(services: Services) -> Closure:
    """Submitted, reviewed once, frozen."""
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


def hold_it(services: Services, closure: Closure) -> Closure:
    return hold(services, closure.id, Reason.AUTHORITY, Actor.OPERATOR)


def resume_it(services: Services, closure: Closure) -> Closure:
    return resume(services, closure.id, Actor.OPERATOR)


def kinds_due(services: Services, closure: Closure) -> list[str]:
    return [task.kind for task in tasks_of(services, subject=closure.id)]


def test_a_hold_stops_the_clock(services: Services, clock: FakeClock, closure: Closure) -> None:
    hold_it(services, closure)
    assert kinds_due(services, closure) == []
    clock.advance(days=30)
    work(services)
    assert reload(services, closure).state == State.HELD
    assert not upstream.is_closed(services, CLEAN_SEEKER)


def test_a_held_account_stays_frozen(services: Services, closure: Closure) -> None:
    hold_it(services, closure)
    work(services)
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)


def test_resuming_moves_both_instants_by_the_time_held(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    clock.advance(hours=30)
    resumed = resume_it(services, closure)
    assert resumed.state == State.PENDING
    assert resumed.hold_reason is None
    assert resumed.erase_at - closure.erase_at == timedelta(hours=30)
    assert resumed.promise_at - closure.promise_at == timedelta(hours=30)


def test_after_a_late_hold_a_day_to_restore_remains(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.advance(hours=107)
    hold_it(services, closure)
    clock.advance(hours=1)
    assert resume_it(services, closure).erase_at == clock() + timedelta(hours=24)


def test_a_resumed_closure_is_reviewed_at_once_and_erased_in_time(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    clock.advance(hours=1)
    resumed = resume_it(services, closure)
    due = {task.kind: task.due_at for task in tasks_of(services, subject=closure.id)}
    assert due == {
        "review": clock(),
        "remind": resumed.erase_at - timedelta(hours=24),
        "erase": resumed.erase_at,
    }
    clock.at(resumed.erase_at)
    work(services)
    assert reload(services, closure).state == State.CLOSED


def test_resuming_twice_is_refused(services: Services, clock: FakeClock, closure: Closure) -> None:
    hold_it(services, closure)
    clock.advance(hours=1)
    resumed = resume_it(services, closure)
    with pytest.raises(MovedOnError):
        resume_it(services, closure)
    assert reload(services, closure).erase_at == resumed.erase_at


@pytest.mark.usefixtures("both_databases")
def test_of_two_that_resume_at_once_one_moves_the_instants(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    clock.advance(hours=10)

    def resumes(_: int) -> bool:
        try:
            resume_it(services, closure)
        except MovedOnError:
            return False
        return True

    assert sum(at_once(4, resumes)) == 1
    assert reload(services, closure).erase_at == closure.erase_at + timedelta(hours=10)


def test_holding_twice_keeps_the_first_reason(services: Services, closure: Closure) -> None:
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    with pytest.raises(MovedOnError):
        hold_it(services, closure)
    assert reload(services, closure).hold_reason == Reason.DEBT


def test_a_refusal_opens_the_account_and_keeps_its_reason(
    services: Services, closure: Closure
) -> None:
    hold_it(services, closure)
    refused = refuse(services, closure.id, Reason.NOT_OWNER, Actor.OPERATOR)
    assert (refused.state, refused.end_reason) == (State.REFUSED, Reason.NOT_OWNER)
    work(services)
    assert upstream.can_sign_in(services, CLEAN_SEEKER)


def test_a_refused_closure_does_not_go_on(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    refuse(services, closure.id, Reason.DISPUTE, Actor.OPERATOR)
    clock.advance(days=30)
    work(services)
    assert reload(services, closure).state == State.REFUSED
    with pytest.raises(MovedOnError):
        resume_it(services, closure)


def test_once_erasing_has_begun_nothing_can_be_held_or_refused(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at)
    work(watched(services, Down("plan")))
    assert reload(services, closure).state == State.ERASING
    with pytest.raises(MovedOnError):
        hold_it(services, closure)
    with pytest.raises(MovedOnError):
        refuse(services, closure.id, Reason.DISPUTE, Actor.OPERATOR)
    assert kinds_due(services, closure) == ["erase"]


def test_each_act_is_told_with_who_did_it_and_why(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    clock.advance(hours=1)
    resume_it(services, closure)
    refuse(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    held, resumed, refused = events_of(services, closure)[-3:]
    kinds = [event.kind for event in (held, resumed, refused)]
    assert kinds == ["closure.held", "closure.resumed", "closure.refused"]
    assert {event.actor for event in (held, resumed, refused)} == {"operator"}
    with services.store.begin() as session:
        why = [read(session, services.vault, one, Purpose.BUSINESS) for one in (held, refused)]
    assert why == [{"reason": "authority"}, {"reason": "debt"}]


def test_every_condition_has_its_reason() -> None:
    assert list(OF_CONDITION) == [1, 2, 3, 4, 5, 6]
    assert len(set(OF_CONDITION.values())) == 6
