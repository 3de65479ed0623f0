"""Proving who one is, and what a right code does (三.3)."""

import pytest
from sqlalchemy import func, select

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure import verify
from portal.closure.restore import restore
from portal.closure.verify import Verified
from portal.identity import challenge, private_link, sign_in
from portal.identity.challenge import Problem, Started, Verdict
from portal.identity.limits import LimitedError
from portal.identity.sign_in import Visitor
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store.tables import Challenge, Message, SignIn
from tests.cast import CLEAN_SEEKER, COINS, NOT_REGISTERED
from tests.closure.faults import Down, watched
from tests.closure.journeys import (
    ADDRESS,
    accepted,
    journey_of,
    send_messages,
    submitted,
    verified,
    walked,
)
from tests.fakes import FakeClock, FakeGateway

PHONE = CLEAN_SEEKER.phone


def asks(services: Services, phone: str = PHONE, *visitors: Visitor) -> Started:
    started = verify.request_code(services, phone, Purpose.CLOSE, ADDRESS, visitors)
    send_messages(services)
    return started


def answers(
    services: Services, started: Started, code: str, journey: str | None = None
) -> Verified | Verdict:
    return verify.answer_code(services, started.challenge_id, code, journey, None)


def rows(services: Services, table: type) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def by_link(services: Services, closure_id: str) -> Visitor:
    """Somebody who opened the private link of this closure."""
    with services.store.begin() as session:
        token = sign_in.open_link(session, closure_id, services.clock())
        visitor = sign_in.look_up(session, token, services.clock())
    assert visitor is not None
    return visitor


def is_reserved(services: Services, started: Started) -> bool:
    with services.store.begin() as session:
        return session.get_one(Challenge, started.challenge_id).reserved


def test_a_right_code_signs_in_and_binds_the_draft(
    services: Services, gateway: FakeGateway
) -> None:
    token, started = accepted(services), asks(services)
    answered = answers(services, started, gateway.last_code(PHONE), token)
    assert isinstance(answered, Verified)
    assert (answered.account_id, answered.reference) == (CLEAN_SEEKER.id, None)
    assert journey_of(services, token).account_id == CLEAN_SEEKER.id
    with services.store.begin() as session:
        visitor = sign_in.look_up(session, answered.token, services.clock())
    assert visitor is not None
    assert visitor.account_id == CLEAN_SEEKER.id


def test_a_wrong_code_signs_nobody_in_and_binds_nothing(
    services: Services, gateway: FakeGateway
) -> None:
    token, started = accepted(services), asks(services)
    wrong = f"{(int(gateway.last_code(PHONE)) + 1) % 10**6:06}"
    answered = answers(services, started, wrong, token)
    assert isinstance(answered, Verdict)
    assert (answered.problem, answered.left) == (Problem.WRONG, 4)
    assert journey_of(services, token).account_id is None
    assert rows(services, SignIn) == 0


def test_an_unknown_number_is_answered_alike_and_gets_no_sms(
    services: Services, gateway: FakeGateway
) -> None:
    known, unknown = asks(services), asks(services, NOT_REGISTERED)
    assert (known.expires_at, known.resend_at) == (unknown.expires_at, unknown.resend_at)
    assert [phone for phone, _ in gateway.sent] == [PHONE]
    assert answers(services, unknown, "000000") == Verdict(problem=Problem.WRONG, left=4)


def test_an_unknown_challenge_is_dead(services: Services) -> None:
    answered = verify.answer_code(services, "nothing", "000000", None, None)
    assert answered == Verdict(problem=Problem.DEAD)


def test_an_open_closure_is_where_the_code_leads_and_no_draft_is_bound(
    services: Services, clock: FakeClock, gateway: FakeGateway
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.advance(minutes=2)
    token, started = accepted(services), asks(services)
    answered = answers(services, started, gateway.last_code(PHONE), token)
    assert isinstance(answered, Verified)
    assert answered.reference == closure.reference
    assert journey_of(services, token).account_id is None


def test_an_ended_closure_does_not_stand_in_the_way(
    services: Services, clock: FakeClock, gateway: FakeGateway
) -> None:
    restore(services, submitted(services, CLEAN_SEEKER).id)
    clock.advance(minutes=2)
    token, started = accepted(services), asks(services)
    answered = answers(services, started, gateway.last_code(PHONE), token)
    assert isinstance(answered, Verified)
    assert answered.reference is None
    assert journey_of(services, token).account_id == CLEAN_SEEKER.id


def test_somebody_elses_journey_stays_theirs(services: Services) -> None:
    token = accepted(services)
    verified(services, COINS, token)
    verified(services, CLEAN_SEEKER, token)
    assert journey_of(services, token).account_id == COINS.id


def test_the_browsers_earlier_sign_in_ends(services: Services, gateway: FakeGateway) -> None:
    before = verified(services, COINS)
    started = asks(services)
    verify.answer_code(services, started.challenge_id, gateway.last_code(PHONE), None, before)
    with services.store.begin() as session:
        assert session.get(SignIn, before.token_hash) is None


def test_a_visitor_who_gave_a_code_needs_no_other_to_bind(services: Services) -> None:
    visitor = verified(services, CLEAN_SEEKER)
    token = accepted(services)
    verify.bind_signed_in(services, token, visitor)
    assert journey_of(services, token).account_id == CLEAN_SEEKER.id


def test_a_visitor_by_link_binds_nothing(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    token = accepted(services)
    verify.bind_signed_in(services, token, by_link(services, closure.id))
    assert journey_of(services, token).account_id is None


def test_no_code_is_made_while_the_account_system_is_down(services: Services) -> None:
    with pytest.raises(AccountSystemUnavailableError):
        asks(watched(services, Down("find")))
    assert (rows(services, Challenge), rows(services, Message)) == (0, 0)


def test_a_limited_number_gets_no_second_sms(services: Services, gateway: FakeGateway) -> None:
    asks(services)
    with pytest.raises(LimitedError):
        asks(services)
    assert (len(gateway.sent), rows(services, Challenge)) == (1, 1)


def test_the_code_goes_to_the_number_asked_for_and_is_wiped_here(
    services: Services, gateway: FakeGateway
) -> None:
    started = asks(services)
    with services.store.begin() as session:
        assert session.scalars(select(Message)).one().text is None
        asked = challenge.asked_for(session, services.vault, started.challenge_id)
    assert asked is not None
    assert asked.phone == gateway.sent[0][0] == PHONE


def test_an_owner_by_link_has_the_reserve_while_it_can_be_restored(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    visitor = by_link(services, closure.id)
    clock.advance(minutes=2)
    assert is_reserved(services, asks(services, PHONE, visitor))
    restore(services, closure.id)
    clock.advance(minutes=2)
    assert not is_reserved(services, asks(services, PHONE, visitor))


def test_a_strangers_link_or_sign_in_opens_no_reserve(services: Services, clock: FakeClock) -> None:
    theirs = walked(services, COINS)
    link = by_link(services, theirs.submit(services).id)
    submitted(services, CLEAN_SEEKER)
    for visitors in ((link,), (theirs.visitor,), (link, theirs.visitor), ()):
        clock.advance(minutes=2)
        assert not is_reserved(services, asks(services, PHONE, *visitors))


def test_the_link_itself_is_no_sign_in(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        token = private_link.make(session, closure.id, services.clock())
        assert sign_in.look_up(session, token, services.clock()) is None
