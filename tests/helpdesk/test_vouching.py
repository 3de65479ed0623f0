"""It takes two to let a case stand in for a code, and everything they did is evidence."""

import pytest

from portal.evidence.ledger import Kind, Purpose, read
from portal.helpdesk import following
from portal.helpdesk.going_on import go_on
from portal.services import Services
from portal.staffroom import proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import AlreadyProposedError, DecidedError, OwnProposalError
from portal.staffroom.roles import Role
from tests.cast import CLEAN_SEEKER
from tests.closure.journeys import accepted, events_of, journey_of
from tests.helpdesk.cases import asked, followed, vouches
from tests.races import at_once
from tests.staffroom.staff import member


@pytest.fixture
def li(services: Services) -> Member:
    return member(services, "李审")


@pytest.fixture
def chief(services: Services) -> Member:
    return member(services, "主管", Role.SUPERVISOR)


@pytest.mark.usefixtures("both_databases")
def test_two_let_the_person_go_on(services: Services, li: Member, chief: Member) -> None:
    case = asked(services).case
    proposals.approve(services, chief, vouches(services, case, li, CLEAN_SEEKER))
    assert followed(services, case).pass_until
    verified = go_on(services, case, token := accepted(services), None)
    assert verified
    assert verified.account_id == CLEAN_SEEKER.id
    event = events_of(services, journey_of(services, token))[-1]
    assert event.kind == Kind.HELP_VERIFIED
    assert (event.facts["by"], event.facts["second"]) == (li.actor, chief.actor)
    with services.store.begin() as session:
        evidence = read(session, services.vault, event, Purpose.EVIDENCE)
    assert evidence
    assert evidence["compared"] == ["name", "applications", "姓名和三次投递都对得上。"]


@pytest.mark.usefixtures("both_databases")
def test_the_second_person_has_to_be_another_one(services: Services, chief: Member) -> None:
    case = asked(services).case
    proposed = vouches(services, case, chief, CLEAN_SEEKER)
    with pytest.raises(OwnProposalError):
        proposals.approve(services, chief, proposed)
    assert followed(services, case).pass_until is None


def test_declined_it_opens_nothing(services: Services, li: Member, chief: Member) -> None:
    case = asked(services).case
    proposals.decline(services, chief, vouches(services, case, li, CLEAN_SEEKER))
    assert followed(services, case).pass_until is None
    assert go_on(services, case, None, None) is None


def test_the_same_is_proposed_once(services: Services, li: Member, chief: Member) -> None:
    case = asked(services).case
    vouches(services, case, li, CLEAN_SEEKER)
    with pytest.raises(AlreadyProposedError):
        vouches(services, case, chief, CLEAN_SEEKER)


def test_of_two_who_approve_at_once_one_does(services: Services, li: Member) -> None:
    case = asked(services).case
    proposed = vouches(services, case, li, CLEAN_SEEKER)
    chiefs = [member(services, name, Role.SUPERVISOR) for name in ("甲", "乙")]

    def approve(number: int) -> bool:
        try:
            proposals.approve(services, chiefs[number], proposed)
        except DecidedError:
            return False
        return True

    assert sorted(at_once(2, approve)) == [False, True]


def test_a_case_that_ended_meanwhile_stands_in_for_nothing(
    services: Services, li: Member, chief: Member
) -> None:
    case = asked(services).case
    proposed = vouches(services, case, li, CLEAN_SEEKER)
    following.end(services, case.id)
    with pytest.raises(DecidedError):
        proposals.approve(services, chief, proposed)
    assert proposals.waiting(services) == []
    assert go_on(services, case, None, None) is None
