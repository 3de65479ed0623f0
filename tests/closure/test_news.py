"""One SMS for each event, no more, none too early in the morning, none that misleads."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.clock import SHANGHAI
from portal.closure import news
from portal.closure.holding import Reason, hold, refuse, resume
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.messages.outbox import MAY_WAIT, MessageKind
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure.journeys import reload, submitted, tasks_of
from tests.closure.sms import last_text, told
from tests.fakes import FakeClock, FakeGateway
from tests.work import work

EVENING = timedelta(hours=13)
"""From ten in the morning."""


@pytest.fixture
def closure(services: Services) -> Closure:
    """Submitted at ten in the morning, and told so."""
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


def hold_it(services: Services, closure: Closure) -> None:
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)


@pytest.mark.usefixtures("both_databases")
def test_every_event_on_the_way_is_told_once_and_in_order(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    work(services)
    clock.advance(hours=1)
    resume(services, closure.id, Actor.OPERATOR)
    work(services)
    erase_at = reload(services, closure).erase_at
    for before in (24, 14, 0, -10):
        clock.at(erase_at - timedelta(hours=before))
        work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "held", "resumed", "reminder", "closed"]


@pytest.mark.parametrize("end", ["refused", "restored"])
def test_an_end_is_told_once(services: Services, closure: Closure, end: str) -> None:
    if end == "refused":
        refuse(services, closure.id, Reason.PENALTY, Actor.OPERATOR)
    else:
        restore(services, closure.id)
    for _ in range(3):
        work(services)
    services.clock.advance(days=20)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", end]


def test_a_hold_says_why_and_its_link_leads_to_the_closure(
    services: Services, gateway: FakeGateway, closure: Closure
) -> None:
    first = gateway.last_link(CLEAN_SEEKER.phone)
    hold_it(services, closure)
    work(services)
    assert "原因：有未结清的欠款。" in last_text(services, CLEAN_SEEKER)
    assert gateway.last_link(CLEAN_SEEKER.phone) != first


def test_one_identity_is_told_as_such(services: Services) -> None:
    side = MANY_IDENTITIES.recruiter_id(1002)
    closure = submitted(services, MANY_IDENTITIES, side)
    hold_it(services, closure)
    work(services)
    assert "招聘者身份保持停用" in last_text(services, MANY_IDENTITIES)


def test_going_on_tells_the_new_instants(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    hold_it(services, closure)
    clock.advance(hours=5)
    resume(services, closure.id, Actor.OPERATOR)
    work(services)
    # Submitted on the 22nd at 10:00; 108 and 120 hours, and the five that it was held.
    assert "11月27日03:00前可恢复，11月27日15:00前完成注销" in last_text(services, CLEAN_SEEKER)


def test_at_night_a_hold_waits_for_the_morning(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.advance(hours=12, minutes=30)
    hold_it(services, closure)
    for _ in range(20):
        work(services)
        assert told(services, CLEAN_SEEKER) == ["submitted"]
        clock.advance(minutes=28)
    clock.advance(minutes=10)
    assert clock().astimezone(SHANGHAI).hour == 8
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "held"]


def test_both_events_of_a_night_are_told_in_the_morning_in_their_order(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.advance(hours=13)
    hold_it(services, closure)
    clock.advance(hours=1)
    resume(services, closure.id, Actor.OPERATOR)
    clock.advance(hours=8)
    work(services)
    clock.advance(seconds=5)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "held", "resumed"]


def test_whoever_restores_at_night_is_told_at_once_and_not_of_the_hold_any_more(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.advance(hours=13)
    hold_it(services, closure)
    restore(services, closure.id)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "restored"]
    clock.advance(days=2)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "restored"]


def test_what_somebody_waits_for_never_waits() -> None:
    at_once = set(MessageKind) - MAY_WAIT
    assert at_once == {
        MessageKind.CODE,
        MessageKind.SUBMITTED,
        MessageKind.RESTORED,
        MessageKind.LINK,
        MessageKind.ALARM,
        MessageKind.HELP_VERIFIED,
    }


@pytest.mark.usefixtures("both_databases")
def test_the_database_itself_lets_no_event_be_told_twice(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    def announce() -> None:
        with services.store.begin() as session:
            news.announce(services, session, closure, MessageKind.RESTORED, clock())

    announce()
    with pytest.raises(IntegrityError):
        announce()
    assert len(tasks_of(services, subject=closure.id)) == 3


def test_a_move_that_fails_tells_nothing(services: Services, closure: Closure) -> None:
    restore(services, closure.id)
    work(services)
    with pytest.raises(Exception, match="refused"):
        refuse(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "restored"]
