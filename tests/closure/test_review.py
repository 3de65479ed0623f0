"""Reading the facts again: nothing new goes on by itself, something new is held (三.5)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import update

from portal.accounts.sample.schema.account import account
from portal.accounts.system import AccountSystemUnavailableError
from portal.closure.holding import Reason, hold, resume
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.closure.review import passes, review
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Actor, Kind, read
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure import upstream
from tests.closure.faults import Down, quietly, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of, work_on
from tests.fakes import FakeClock
from tests.work import work


@pytest.fixture
def closure(services: Services) -> Closure:
    return submitted(services, CLEAN_SEEKER)


def claimed(services: Services, closure: Closure) -> Claim:
    """The closure's review, in a worker's hands."""
    (task,) = tasks_of(services, tasks.Kind.REVIEW, subject=closure.id)
    with services.store.begin() as session:
        return tasks.claim(session, task.id, services.clock(), services.settings.lease)


def held_for(services: Services, closure: Closure) -> str | None:
    now = reload(services, closure)
    assert now.state == State.HELD
    return now.hold_reason


def test_nothing_found_is_noted_and_due_again_a_day_later(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    work(services)
    (task,) = tasks_of(services, tasks.Kind.REVIEW)
    assert task.due_at == clock() + timedelta(days=1)
    assert events_of(services, closure)[-1].kind == Kind.REVIEWED


FINDINGS: dict[Reason, Callable[[Services], None]] = {
    Reason.DISPUTE: lambda services: upstream.complain_about(services, CLEAN_SEEKER),
    Reason.DEBT: lambda services: upstream.owe(services, CLEAN_SEEKER),
    Reason.SECURITY: lambda services: upstream.suspect(services, CLEAN_SEEKER),
    Reason.PENALTY: lambda services: upstream.punish(services, CLEAN_SEEKER),
    Reason.UNPAID_ORDER: lambda services: upstream.leave_unpaid(services, CLEAN_SEEKER),
}


@pytest.mark.parametrize("reason", FINDINGS)
def test_something_new_holds_for_its_own_reason(
    services: Services, closure: Closure, reason: Reason
) -> None:
    FINDINGS[reason](services)
    work(services)
    assert held_for(services, closure) == reason


def test_a_finding_of_a_later_day_is_found_too(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    work(services)
    upstream.complain_about(services, CLEAN_SEEKER)
    clock.advance(hours=23)
    work(services)
    assert reload(services, closure).state == State.PENDING
    clock.advance(hours=1)
    work(services)
    assert held_for(services, closure) == Reason.DISPUTE


def test_what_was_found_is_told_by_number_and_sealed(services: Services, closure: Closure) -> None:
    upstream.complain_about(services, CLEAN_SEEKER)
    work(services)
    (held,) = [event for event in events_of(services, closure) if event.kind == Kind.HELD]
    with services.store.begin() as session:
        business = read(session, services.vault, held, Purpose.BUSINESS)
    assert business == {"conditions": [4], "reason": "dispute"}
    assert (held.actor, held.facts) == ("portal", {})


def test_our_own_freeze_is_no_finding(services: Services, closure: Closure) -> None:
    claim = claimed(services, closure)
    work_on(services, tasks.Kind.ACCESS)
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)
    assert passes(services, claim, reload(services, closure))


def test_an_account_that_is_gone_is_held(services: Services, closure: Closure) -> None:
    gone = update(account).where(account.c.id == CLEAN_SEEKER.id)
    upstream.run(services, gone.values(closed_at=services.clock()))
    work(services)
    assert held_for(services, closure) == Reason.UPSTREAM


def test_an_identity_that_is_gone_is_held(services: Services) -> None:
    side = MANY_IDENTITIES.recruiter_id(1002)
    closure = submitted(services, MANY_IDENTITIES, side)
    upstream.hand_over_identity(services, side, CLEAN_SEEKER)
    work(services)
    assert held_for(services, closure) == Reason.UPSTREAM


def test_not_knowing_is_neither_passing_nor_failing(services: Services, closure: Closure) -> None:
    with pytest.raises(AccountSystemUnavailableError):
        review(watched(services, Down("standing")), claimed(services, closure))
    assert reload(services, closure).state == State.PENDING


def test_the_last_reading_before_erasing_counts(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    work(services)
    clock.at(closure.erase_at)
    upstream.complain_about(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        tasks.drop(session, [tasks.Kind.REVIEW], closure.id)
    work(services)
    assert held_for(services, closure) == Reason.DISPUTE
    assert not upstream.is_closed(services, CLEAN_SEEKER)


def test_a_settled_finding_goes_on_after_resuming(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    upstream.complain_about(services, CLEAN_SEEKER)
    work(services)
    upstream.settle_complaints(services, CLEAN_SEEKER)
    clock.at(resume(services, closure.id, Actor.OPERATOR).erase_at)
    work(services)
    assert reload(services, closure).state == State.CLOSED


def test_an_unsettled_finding_is_held_again_after_resuming(
    services: Services, closure: Closure
) -> None:
    upstream.complain_about(services, CLEAN_SEEKER)
    work(services)
    resume(services, closure.id, Actor.OPERATOR)
    work(services)
    assert held_for(services, closure) == Reason.DISPUTE


def test_a_person_who_restores_while_the_facts_are_read_stays_restored(
    services: Services, closure: Closure
) -> None:
    upstream.complain_about(services, CLEAN_SEEKER)

    def meanwhile(method: str) -> None:
        if method == "standing":
            restore(services, closure.id)

    assert review(watched(services, meanwhile), claimed(services, closure)) is None
    assert reload(services, closure).state == State.RESTORED


def test_facts_that_a_reviewer_settled_while_they_were_read_do_not_hold_again(
    services: Services, closure: Closure
) -> None:
    upstream.complain_about(services, CLEAN_SEEKER)

    def settled(method: str) -> None:
        if method == "standing":
            hold(services, closure.id, Reason.DISPUTE, Actor.OPERATOR)
            upstream.settle_complaints(services, CLEAN_SEEKER)
            resume(services, closure.id, Actor.OPERATOR)

    review(watched(services, quietly, settled), claimed(services, closure))
    assert reload(services, closure).state == State.PENDING
    work(services)
    assert reload(services, closure).state == State.PENDING


def test_a_review_of_what_is_not_pending_is_over(services: Services, closure: Closure) -> None:
    claim = claimed(services, closure)
    restore(services, closure.id)
    assert review(watched(services, Down()), claim) is None
    unknown = Claim("any", tasks.Kind.REVIEW, "nothing", epoch=1, attempts=0)
    assert review(services, unknown) is None
