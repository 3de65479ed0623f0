"""The hourly tidying of the staff's room."""

from sqlalchemy import select

from portal.clock import SHANGHAI
from portal.closure.holding import Reason
from portal.closure.sweep import sweep
from portal.services import Services
from portal.staffroom import acts, retention
from portal.staffroom.acts import Grounds
from portal.staffroom.members import Member
from portal.store import alerts
from portal.store.tables import Alert, Closure, StaffSignIn
from tests.closure.journeys import reload
from tests.fakes import FakeClock
from tests.staffroom.staff import opened
from tests.staffroom.test_acts import DAY
from tests.work import work


def late(services: Services) -> list[Alert]:
    with services.store.begin() as session:
        kind = Alert.kind == alerts.Kind.HOLD_LATE
        return list(session.scalars(select(Alert).where(kind)))


def test_a_hold_past_its_day_is_one_alert_however_often_one_looks(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    acts.hold(services, li, closure, closure.version, Reason.DEBT, Grounds(), DAY)
    retention.tidy(services)
    assert late(services) == []
    clock.at(acts.end_of(DAY))
    for _ in range(3):
        retention.tidy(services)
        clock.advance(hours=1)
    (alert,) = late(services)
    assert (alert.subject, alert.times) == (closure.reference, 1)
    assert acts.acknowledge(services, li, alert.id)
    retention.tidy(services)
    assert len(late(services)) == 1


def test_a_hold_that_is_late_a_second_time_is_a_second_alert(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    for _ in range(2):
        now = reload(services, closure)
        day = clock().astimezone(SHANGHAI).date()
        acts.hold(services, li, now, now.version, Reason.DEBT, Grounds(), day)
        clock.at(acts.end_of(day))
        retention.tidy(services)
        (alert,) = [one for one in late(services) if one.acknowledged_at is None]
        acts.acknowledge(services, li, alert.id)
        held = reload(services, closure)
        acts.resume(services, li, held, held.version, "了结")
    assert len(late(services)) == 2


def test_the_hourly_task_does_it(services: Services, clock: FakeClock, li: Member) -> None:
    opened(services, li)
    clock.advance(hours=12)
    sweep(services)
    work(services)
    with services.store.begin() as session:
        assert session.scalars(select(StaffSignIn)).all() == []
