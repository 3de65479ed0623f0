"""The private link once more, for whoever lost the SMS."""

import pytest

from portal.closure.link_again import send_again
from portal.identity import private_link
from portal.identity.limits import LimitedError
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.closure.journeys import submitted
from tests.closure.sms import told
from tests.fakes import FakeClock, FakeGateway
from tests.work import work


@pytest.fixture
def closure(services: Services) -> Closure:
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


def test_a_new_link_comes_and_the_old_one_goes_on_working(
    services: Services, gateway: FakeGateway, closure: Closure
) -> None:
    old = gateway.last_link(CLEAN_SEEKER.phone)
    send_again(services, closure)
    work(services)
    new = gateway.last_link(CLEAN_SEEKER.phone)
    assert old != new
    with services.store.begin() as session:
        leads = [private_link.closure_of(session, path.removeprefix("/p/")) for path in (old, new)]
    assert leads == [closure.id, closure.id]


def test_at_night_too_for_somebody_waits_for_it(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.advance(hours=14)
    send_again(services, closure)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "link"]


@pytest.mark.usefixtures("both_databases")
def test_three_times_a_day(services: Services, clock: FakeClock, closure: Closure) -> None:
    for _ in range(3):
        send_again(services, closure)
    with pytest.raises(LimitedError):
        send_again(services, closure)
    work(services)
    assert told(services, CLEAN_SEEKER).count("link") == 3
    clock.advance(hours=24)
    send_again(services, closure)
    work(services)
    assert told(services, CLEAN_SEEKER).count("link") == 4
