"""The number that outlives the account's data for one last SMS, and not a moment longer."""

from dataclasses import replace

from sqlalchemy import func, select

from portal.closure.restore import restore
from portal.messages.gateway import GatewayError
from portal.services import Services
from portal.store.tables import Closure, Farewell, Message
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure.faults import Down, watched
from tests.closure.journeys import reload, submitted
from tests.fakes import FakeClock, FakeGateway
from tests.work import work


def due(services: Services, *who: object) -> Closure:
    closure = submitted(services, *who)
    work(services)
    services.clock.at(closure.erase_at)
    return closure


def work_until_morning(services: Services) -> None:
    """It is closed late in the evening; the SMS wakes nobody."""
    work(services)
    services.clock.advance(hours=10)
    work(services)


def farewells(services: Services) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(Farewell)) or 0


def sealed_messages(services: Services) -> int:
    with services.store.begin() as session:
        kept = Message.phone.is_not(None) | Message.text.is_not(None)
        return session.scalar(select(func.count()).select_from(Message).where(kept)) or 0


def test_the_last_sms_says_so_and_leads_to_the_result(
    services: Services, gateway: FakeGateway
) -> None:
    closure = due(services, CLEAN_SEEKER)
    work_until_morning(services)
    phone, text = gateway.sent[-1]
    assert phone == CLEAN_SEEKER.phone
    assert text.startswith(f"【智联】您的账号已注销，编号{closure.reference}")
    assert gateway.last_link(phone).startswith("/p/")
    assert (farewells(services), sealed_messages(services)) == (0, 0)


def test_one_identity_is_told_as_such(services: Services, gateway: FakeGateway) -> None:
    due(services, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
    work_until_morning(services)
    assert "您的招聘者身份已注销" in gateway.sent[-1][1]


def test_while_erasing_there_is_one_sealed_row(services: Services) -> None:
    due(services, CLEAN_SEEKER)
    work(watched(services, Down("apply")))
    assert farewells(services) == 1
    with services.store.begin() as session:
        (row,) = session.scalars(select(Farewell)).all()
        assert CLEAN_SEEKER.phone[3:].encode() not in row.sealed


def test_whoever_restores_leaves_none(services: Services) -> None:
    closure = due(services, CLEAN_SEEKER)
    restore(services, closure.id)
    work(services)
    assert farewells(services) == 0


def test_refused_for_good_the_number_goes_at_once(services: Services, gateway: FakeGateway) -> None:
    closure = due(services, CLEAN_SEEKER)
    gateway.failure = GatewayError("isv.BLACKLIST", permanent=True)
    work_until_morning(services)
    assert reload(services, closure).state == "closed"
    assert sealed_messages(services) == 0


def test_a_gateway_that_stays_away_keeps_it_for_a_day_at_most(
    services: Services, gateway: FakeGateway, clock: FakeClock
) -> None:
    due(services, CLEAN_SEEKER)
    gateway.failure = GatewayError("timeout", permanent=False)
    work(services)
    assert sealed_messages(services) == 1
    clock.advance(hours=24, minutes=6)
    work(replace(services, gateway=gateway))
    assert sealed_messages(services) == 0
