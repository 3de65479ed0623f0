"""The brake: a set number of erasures an hour, then nothing begins until somebody has looked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal.closure import brake
from portal.closure.brake import Cause
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.services import Services
from portal.store.alerts import open_alerts
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, COINS, OLD_SIGN_IN
from tests.closure.journeys import reload, submitted
from tests.races import at_once
from tests.work import work

PEOPLE = (CLEAN_SEEKER, COINS, OLD_SIGN_IN)


@pytest.fixture
def two_an_hour(services: Services) -> Services:
    return replace(services, settings=replace(services.settings, brake=2))


def all_due(services: Services) -> list[Closure]:
    closures = [submitted(services, person) for person in PEOPLE]
    work(services)
    services.clock.at(closures[-1].erase_at)
    work(services)
    return [reload(services, closure) for closure in closures]


def alerts(services: Services) -> list[tuple[str, str]]:
    with services.store.begin() as session:
        return [(alert.kind, alert.subject) for alert in open_alerts(session)]


def wait(services: Services, **by: float) -> None:
    services.clock.advance(**by)
    work(services)


@pytest.mark.usefixtures("both_databases")
def test_one_too_many_stops_at_the_brake_and_is_told(two_an_hour: Services) -> None:
    states = sorted(closure.state for closure in all_due(two_an_hour))
    assert states == [State.CLOSED, State.CLOSED, State.PENDING]
    assert alerts(two_an_hour) == [("brake", "rate")]


def test_an_hour_later_it_is_still_on(two_an_hour: Services) -> None:
    closures = all_due(two_an_hour)
    wait(two_an_hour, hours=2)
    states = [reload(two_an_hour, closure).state for closure in closures]
    assert states.count(State.PENDING) == 1


def test_lifted_it_lets_as_many_through_again(two_an_hour: Services) -> None:
    closures = all_due(two_an_hour)
    assert brake.lift(two_an_hour, "operator")
    wait(two_an_hour, minutes=2)
    assert [reload(two_an_hour, closure).state for closure in closures] == [State.CLOSED] * 3
    assert not brake.lift(two_an_hour, "operator")


def test_whoever_waits_at_the_brake_can_restore(two_an_hour: Services) -> None:
    (waiting,) = (one for one in all_due(two_an_hour) if one.state == State.PENDING)
    assert restore(two_an_hour, waiting.id).state == State.RESTORED


def test_within_the_number_nothing_stops(two_an_hour: Services) -> None:
    for person in PEOPLE:
        closure = submitted(two_an_hour, person)
        wait(two_an_hour, hours=108)
        assert reload(two_an_hour, closure).state == State.CLOSED


def test_pulled_by_hand_nothing_begins(services: Services) -> None:
    brake.pull(services, Cause.CLOCK)
    assert {closure.state for closure in all_due(services)} == {State.PENDING}
    assert alerts(services) == [("brake", "clock")]


def test_what_has_begun_goes_on(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        session.get_one(Closure, closure.id).state = State.ERASING
    brake.pull(services, Cause.OPERATOR)
    wait(services, hours=108)
    assert reload(services, closure).state == State.CLOSED


@pytest.mark.usefixtures("both_databases")
def test_of_many_at_once_no_more_than_the_number_pass(two_an_hour: Services) -> None:
    def begins(_: int) -> bool:
        with two_an_hour.store.begin() as session:
            return brake.lets_through(session, two_an_hour.settings, two_an_hour.clock())

    assert sum(at_once(8, begins)) == 2
    with two_an_hour.store.begin() as session:
        assert brake.pulled(session) is not None
    assert alerts(two_an_hour) == [("brake", "rate")]


def test_a_pulled_brake_stays_the_same_brake(services: Services) -> None:
    at_once(4, lambda _: brake.pull(services, Cause.OPERATOR))
    assert brake.lift(services, "one")
    with services.store.begin() as session:
        assert brake.pulled(session) is None


def test_waiting_at_the_brake_is_no_failure(two_an_hour: Services) -> None:
    all_due(two_an_hour)
    for _ in range(20):
        wait(two_an_hour, seconds=timedelta(minutes=2).total_seconds())
    assert alerts(two_an_hour) == [("brake", "rate")]
