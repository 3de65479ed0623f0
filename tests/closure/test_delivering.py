"""Sending what the outbox has: with number and text found at the last moment, in order, once."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.closure.holding import Reason, hold, resume
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.messages.gateway import GatewayAnswerUnknownError, GatewayError
from portal.services import Services
from portal.store.tables import Closure, Message
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import DiesAt, Down, Killed, mortal, watched
from tests.closure.journeys import reload, submitted, tasks_of, work_on
from tests.closure.sms import messages, told
from tests.fakes import FakeClock, FakeGateway
from tests.work import work


@pytest.fixture
def closure(services: Services) -> Closure:
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


def hold_it(services: Services, closure: Closure) -> None:
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)


def unwiped(services: Services) -> int:
    with services.store.begin() as session:
        kept = Message.phone.is_not(None) | Message.text.is_not(None)
        return session.scalar(select(func.count()).select_from(Message).where(kept)) or 0


def pass_time(services: Services, clock: FakeClock, span: timedelta) -> None:
    """Minute by minute, with whatever is due done."""
    end = clock() + span
    while clock() < end:
        clock.advance(minutes=1)
        work(services)


def test_until_it_is_sent_the_portal_has_no_number(services: Services, closure: Closure) -> None:
    hold_it(services, closure)
    (message,) = messages(services, "held")
    assert (message.phone, message.text) == (None, None)
    assert unwiped(services) == 0


@pytest.mark.usefixtures("both_databases")
def test_while_the_account_system_is_away_it_waits(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    down = Down("account")
    away = watched(services, down)
    pass_time(away, clock, timedelta(minutes=20))
    assert told(services, CLEAN_SEEKER) == ["submitted"]
    down.down = False
    pass_time(away, clock, timedelta(minutes=6))
    assert told(services, CLEAN_SEEKER) == ["submitted", "held"]
    assert unwiped(services) == 0


@pytest.mark.usefixtures("both_databases")
def test_after_an_hour_without_gateway_all_come_once_and_in_order(
    services: Services, clock: FakeClock, gateway: FakeGateway
) -> None:
    gateway_away = GatewayError("THROTTLED", permanent=False)
    made = submitted(services, CLEAN_SEEKER)
    gateway.failure = gateway_away
    hold_it(services, made)
    pass_time(services, clock, timedelta(minutes=20))
    resume(services, made.id, Actor.OPERATOR)
    pass_time(services, clock, timedelta(minutes=20))
    hold_it(services, made)
    pass_time(services, clock, timedelta(minutes=20))
    gateway.failure = None
    pass_time(services, clock, timedelta(minutes=30))
    assert told(services, CLEAN_SEEKER) == ["submitted", "held", "resumed", "held"]
    assert unwiped(services) == 0


def test_what_may_have_been_sent_is_not_repeated_and_keeps_back_nothing(
    services: Services, clock: FakeClock, gateway: FakeGateway, closure: Closure
) -> None:
    gateway.failure = GatewayAnswerUnknownError()
    hold_it(services, closure)
    work(services)
    gateway.failure = None
    resume(services, closure.id, Actor.OPERATOR)
    pass_time(services, clock, timedelta(minutes=10))
    assert [message.state for message in messages(services, "held")] == ["unknown"]
    assert told(services, CLEAN_SEEKER) == ["submitted", "resumed"]


@pytest.mark.parametrize("moment", range(1, 13))
def test_dying_at_any_moment_it_comes_once_at_most_and_goes(
    services: Services, clock: FakeClock, closure: Closure, moment: int
) -> None:
    hold_it(services, closure)
    died = False
    try:
        work_on(mortal(services, DiesAt(moment)), Kind.MESSAGE)
    except Killed:
        died = True
    pass_time(services, clock, timedelta(minutes=3))
    (message,) = messages(services, "held")
    sent = told(services, CLEAN_SEEKER).count("held")
    assert (message.state, sent) in {("sent", 1), ("unknown", 0), ("unknown", 1)}
    assert died or message.state == "sent"
    assert unwiped(services) == 0
    assert tasks_of(services, Kind.MESSAGE) == []


def test_after_closing_nothing_of_the_way_there_is_sent_or_kept(
    services: Services, clock: FakeClock, gateway: FakeGateway, closure: Closure
) -> None:
    hold_it(services, closure)
    work_on(watched(services, Down("account")), Kind.MESSAGE)
    resume(services, closure.id, Actor.OPERATOR)
    gateway.failure = GatewayError("THROTTLED", permanent=False)
    clock.at(reload(services, closure).erase_at)
    work(services)
    assert reload(services, closure).state == "closed"
    # All but the last SMS, which waits for the morning.
    assert unwiped(services) == 1
    gateway.failure = None
    pass_time(services, clock, timedelta(hours=11))
    assert told(services, CLEAN_SEEKER) == ["submitted", "closed"]
    assert unwiped(services) == 0


def test_a_message_loses_its_use_also_before_it_has_a_number(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    restore(services, closure.id)
    clock.advance(hours=72)
    work(services)
    assert [message.state for message in messages(services, "restored")] == ["dropped"]
    assert told(services, CLEAN_SEEKER) == ["submitted"]
