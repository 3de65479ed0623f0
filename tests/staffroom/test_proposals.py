"""What needs two: releasing a hold by an authority, waiving condition 5, lifting the brake."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure import brake, review, waiver
from portal.closure.brake import Cause
from portal.closure.conditions import Outcome, judge
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.services import Services
from portal.staffroom import acts, proposals
from portal.staffroom.acts import Grounds
from portal.staffroom.members import Member
from portal.staffroom.overtaken import OvertakenError
from portal.staffroom.proposals import (
    AlreadyProposedError,
    DecidedError,
    OwnProposalError,
    Proposed,
)
from portal.store.tables import Closure, Event, Proposal, Waiver
from tests.cast import RECENT_SIGN_IN
from tests.closure.faults import Down, watched
from tests.closure.journeys import events_of, reload
from tests.fakes import FakeClock
from tests.races import at_once
from tests.staffroom.test_acts import DAY

WHY = "已收到结案通知"


@pytest.fixture
def held(services: Services, closure: Closure, li: Member) -> Closure:
    """Held for an authority."""
    acts.hold(services, li, closure, closure.version, Reason.AUTHORITY, Grounds(), DAY)
    return reload(services, closure)


@pytest.fixture
def release(services: Services, held: Closure, li: Member) -> Proposed:
    proposals.propose_release(services, li, held, held.version, WHY)
    return only(services)


def only(services: Services) -> Proposed:
    (one,) = proposals.waiting(services)
    return one


def waive(services: Services, by: Member, second: Member) -> None:
    proposals.propose_waiver(services, by, RECENT_SIGN_IN.id, WHY)
    proposals.approve(services, second, only(services))


def condition_5(services: Services) -> Outcome:
    account = services.accounts.account(RECENT_SIGN_IN.id)
    assert account
    scope = review.closing_scope(
        Closure(account_id=account.id, identity_ids=[account.identities[0].id], whole=True)
    )
    waived = waiver.until(services, account.id)
    return judge(services.accounts.standing(scope), services.clock(), waived)[4].outcome


def test_two_people_release_it(
    services: Services, closure: Closure, release: Proposed, chief: Member
) -> None:
    assert reload(services, closure).state == State.HELD
    proposals.approve(services, chief, release)
    assert reload(services, closure).state == State.PENDING
    kinds = [one.kind for one in events_of(services, closure)][-3:]
    assert kinds == ["proposal.made", "proposal.approved", "closure.resumed"]


@pytest.mark.usefixtures("both_databases")
def test_the_same_person_is_no_second_one_even_past_the_first_check(
    services: Services, closure: Closure, release: Proposed, li: Member
) -> None:
    with pytest.raises(OwnProposalError):
        proposals.approve(services, li, release)
    disguised = Proposal(id=release.row.id, kind=release.row.kind, subject=closure.id, by="other")
    with pytest.raises(DecidedError):
        proposals.approve(services, li, Proposed(disguised, release.what))
    assert reload(services, closure).state == State.HELD


@pytest.mark.usefixtures("both_databases")
def test_of_many_second_persons_one_decides(
    services: Services, closure: Closure, release: Proposed, wang: Member, chief: Member
) -> None:
    def decides(number: int) -> bool:
        try:
            proposals.approve(services, (wang, chief)[number % 2], release)
        except DecidedError:
            return False
        return True

    assert sum(at_once(4, decides)) == 1
    assert [one.kind for one in events_of(services, closure)].count("closure.resumed") == 1


def test_the_same_is_proposed_once_at_a_time(
    services: Services, held: Closure, release: Proposed, wang: Member, chief: Member
) -> None:
    with pytest.raises(AlreadyProposedError):
        proposals.propose_release(services, wang, held, held.version, WHY)
    proposals.decline(services, chief, release)
    proposals.propose_release(services, wang, held, held.version, WHY)


def test_what_is_decided_says_nothing_any_more(
    services: Services, release: Proposed, chief: Member
) -> None:
    proposals.decline(services, chief, release)
    assert proposals.find(services, release.row.id) is None
    with services.store.begin() as session:
        assert session.scalars(select(Proposal)).one().sealed is None
    with pytest.raises(DecidedError):
        proposals.approve(services, chief, release)


def test_a_closure_that_moved_on_stays_as_it_is(
    services: Services, closure: Closure, release: Proposed, chief: Member
) -> None:
    restore(services, closure.id)
    with pytest.raises(OvertakenError):
        proposals.approve(services, chief, release)
    assert reload(services, closure).state == State.RESTORED


def test_nobody_decides_after_a_week(
    services: Services, clock: FakeClock, release: Proposed, chief: Member
) -> None:
    clock.advance(days=7)
    with pytest.raises(DecidedError):
        proposals.approve(services, chief, release)


def test_condition_5_passes_once_two_have_waived_it(
    services: Services, li: Member, chief: Member
) -> None:
    assert condition_5(services) is Outcome.FAILED
    waive(services, li, chief)
    assert condition_5(services) is Outcome.PASSED


def test_what_happens_after_the_proposal_counts(
    services: Services, clock: FakeClock, li: Member, chief: Member
) -> None:
    proposals.propose_waiver(services, li, RECENT_SIGN_IN.id, WHY)
    proposed_at = clock()
    clock.advance(hours=2)
    proposals.approve(services, chief, only(services))
    assert waiver.until(services, RECENT_SIGN_IN.id) == proposed_at


def test_a_waiver_keeps_who_and_why_and_tells_the_ledger(
    services: Services, li: Member, chief: Member
) -> None:
    waive(services, li, chief)
    with services.store.begin() as session:
        row = session.scalars(select(Waiver)).one()
        kinds = session.scalars(select(Event.kind).order_by(Event.seq)).all()
    assert (row.proposed_by, row.approved_by) == (li.actor, chief.actor)
    assert services.vault.open_json(f"waiver:{row.id}", row.sealed) == {"why": WHY}
    assert kinds[-3:] == ["proposal.made", "proposal.approved", "condition.waived"]


def test_no_waiver_for_an_account_that_nobody_can_find(
    services: Services, li: Member, chief: Member
) -> None:
    proposals.propose_waiver(services, li, "gone", WHY)
    with pytest.raises(DecidedError):
        proposals.approve(services, chief, only(services))
    away = watched(services, Down("account"))
    with pytest.raises(AccountSystemUnavailableError):
        proposals.approve(away, chief, only(services))
    assert waiver.until(services, "gone") is None


def test_waivers_go_when_they_make_no_difference(
    services: Services, clock: FakeClock, li: Member, chief: Member
) -> None:
    waive(services, li, chief)
    clock.advance(days=100)
    with services.store.begin() as session:
        waiver.prune(session, clock())
    assert waiver.until(services, RECENT_SIGN_IN.id) is None


def test_lifting_the_brake_needs_two(services: Services, li: Member, chief: Member) -> None:
    brake.pull(services, Cause.RATE)
    proposals.propose_lift(services, li, WHY)
    with services.store.begin() as session:
        assert brake.pulled(session)
    with pytest.raises(OwnProposalError):
        proposals.approve(services, li, only(services))
    proposals.approve(services, chief, only(services))
    with services.store.begin() as session:
        assert brake.pulled(session) is None


def test_a_brake_that_is_off_is_not_lifted_again(
    services: Services, li: Member, chief: Member
) -> None:
    proposals.propose_lift(services, li, WHY)
    with pytest.raises(DecidedError):
        proposals.approve(services, chief, only(services))


def test_tidying_ends_old_ones_and_deletes_decided_ones(
    services: Services, clock: FakeClock, release: Proposed
) -> None:
    for days, left in ((7, 1), (1, 0)):
        clock.at(clock() + timedelta(days=days))
        with services.store.begin() as session:
            proposals.tidy(session, clock())
            rows = session.scalars(select(Proposal)).all()
            assert [one.sealed for one in rows] == [None] * left
