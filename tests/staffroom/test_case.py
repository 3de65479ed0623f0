"""Everything about one closure, and that looking is told."""

from portal.accounts.system import Role as Side
from portal.closure.conditions import Outcome
from portal.closure.lifecycle import State
from portal.evidence.ledger import Kind
from portal.services import Services
from portal.staffroom import case
from portal.staffroom.members import Member
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.faults import Down, watched
from tests.closure.journeys import events_of, reload, submitted, verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import asked, told
from tests.work import work


def test_every_look_is_one_event_with_who_looked(
    services: Services, closure: Closure, li: Member, chief: Member
) -> None:
    for who in (li, chief, li):
        case.look(services, who, closure.reference)
    looks = [one for one in events_of(services, closure) if one.kind == Kind.LOOKED]
    assert [one.actor for one in looks] == [li.actor, chief.actor, li.actor]


def test_an_unknown_reference_is_no_case_and_no_event(services: Services, li: Member) -> None:
    assert case.look(services, li, "ZX-22222-22222") is None


def test_what_was_confirmed_then_and_what_is_true_now(services: Services, li: Member) -> None:
    closure = submitted(services, COINS)
    found = case.look(services, li, closure.reference)
    assert found
    confirmed = found.last(Kind.CONDITIONS_CONFIRMED)
    assert confirmed
    assert confirmed.business["conditions"]["2"] == Outcome.CONFIRM
    assert confirmed.business["assets"]
    assert [one.outcome for one in found.upstream.conditions][1] is Outcome.CONFIRM
    assert found.upstream.account
    assert found.upstream.account.identities[0].role is Side.SEEKER


def test_while_the_account_system_is_away_nothing_is_guessed(
    services: Services, closure: Closure, li: Member
) -> None:
    found = case.look(watched(services, Down("account")), li, closure.reference)
    assert found
    assert not found.upstream.known
    assert {one.outcome for one in found.upstream.conditions} == {Outcome.UNAVAILABLE}
    assert found.last(Kind.SUBMITTED)


def test_a_closed_one_shows_its_steps_and_nothing_of_the_person(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    clock.at(closure.erase_at)
    work(services)
    found = case.look(services, li, closure.reference)
    assert found
    assert found.closure.state == State.CLOSED
    assert all(step.done is not None for step in found.steps)
    assert found.upstream.account is None
    assert all(not one.business for one in found.story)
    assert CLEAN_SEEKER.phone[3:] not in repr(found.story)


def test_what_the_account_has_asked_for_stands_there_unopened(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    clock.advance(minutes=2)
    mine = asked(services, [verified(services, CLEAN_SEEKER)]).case
    asked(services)
    asked(services, [verified(services, COINS)])
    found = case.look(services, li, closure.reference)
    assert found
    assert [one.id for one in found.helps] == [mine.id]
    assert [event.kind for event in told(services, mine)] == [Kind.HELP_ASKED]


def test_messages_come_without_number_and_text(
    services: Services, closure: Closure, li: Member
) -> None:
    found = case.look(services, li, closure.reference)
    assert found
    (message,) = found.messages
    assert (message.kind, message.state) == ("submitted", "sent")
    assert (message.phone, message.text) == (None, None)


def test_names_are_known_for_those_who_left_too(
    services: Services, closure: Closure, li: Member
) -> None:
    found = case.look(services, li, closure.reference)
    assert found
    assert found.names[li.actor] == "李审"
    assert reload(services, closure).version == closure.version
