"""A promise that was missed is an alert, once and then every hour, until somebody has kept it."""

import pytest

from portal.closure.overdue import alert_overdue
from portal.closure.sweep import sweep
from portal.services import Services
from portal.store.alerts import Kind, acknowledge, open_alerts
from portal.store.tables import Alert, Closure
from tests.closure.crowd import a_closure
from tests.fakes import FakeClock

pytestmark = pytest.mark.usefixtures("both_databases")


def add(services: Services, **different: object) -> Closure:
    closure = a_closure(services.clock(), **different)
    with services.store.begin() as session:
        session.add(closure)
    return closure


def alerts(services: Services) -> list[Alert]:
    with services.store.begin() as session:
        alert_overdue(session, services.clock())
        return open_alerts(session)


@pytest.mark.parametrize("state", ["pending", "erasing"])
def test_late_is_one_alert_that_names_closure_and_promise(
    services: Services, clock: FakeClock, state: str
) -> None:
    closure = add(services, state=state)
    clock.at(closure.promise_at)
    assert alerts(services) == []
    clock.advance(microseconds=1)
    (alert,) = alerts(services)
    assert (alert.kind, alert.subject) == (Kind.OVERDUE, closure.reference)
    assert alert.facts == {"state": state, "promised": "2026-11-27T02:00:00+00:00"}


@pytest.mark.parametrize("state", ["held", "restored", "refused", "closed"])
def test_where_nothing_is_promised_nothing_is_late(
    services: Services, clock: FakeClock, state: str
) -> None:
    add(services, state=state)
    clock.advance(days=6)
    assert alerts(services) == []


def test_ticks_do_not_count_as_happening_again_but_hours_do(
    services: Services, clock: FakeClock
) -> None:
    add(services)
    clock.advance(days=6)
    for _ in range(3):
        alerts(services)
        clock.advance(minutes=19)
    assert [alert.times for alert in alerts(services)] == [1]
    clock.advance(minutes=3)
    assert [alert.times for alert in alerts(services)] == [2]


def test_acknowledged_it_rests_for_the_hour_and_opens_anew(
    services: Services, clock: FakeClock
) -> None:
    add(services)
    clock.advance(days=6)
    (alert,) = alerts(services)
    with services.store.begin() as session:
        assert acknowledge(session, alert.id, "operator", clock())
    clock.advance(minutes=59)
    assert alerts(services) == []
    clock.advance(minutes=1)
    assert len(alerts(services)) == 1


def test_many_late_ones_are_told_a_hundred_at_a_time(services: Services, clock: FakeClock) -> None:
    for _ in range(101):
        add(services)
    clock.advance(days=6)
    assert [len(alerts(services)) for _ in range(2)] == [100, 101]


def test_every_tick_looks(services: Services, clock: FakeClock) -> None:
    closure = add(services)
    clock.advance(days=5, seconds=1)
    sweep(services)
    with services.store.begin() as session:
        assert [alert.subject for alert in open_alerts(session)] == [closure.reference]
