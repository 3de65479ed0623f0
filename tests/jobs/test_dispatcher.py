"""The process that rings for due tasks, and does messages itself when nobody hears."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from redis import Redis
from sqlalchemy.exc import OperationalError
from structlog.testing import capture_logs

from portal.closure import brake, verify
from portal.jobs.dispatcher import dispatch, stop_for_leap, tick
from portal.jobs.leap import Leap
from portal.jobs.queue import QUEUE, RedisBell, connect
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store import tasks
from portal.store.alerts import open_alerts
from portal.store.tables import Alert
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import WatchedStore, quietly
from tests.closure.journeys import ADDRESS, submitted, tasks_of
from tests.fakes import FakeClock, FakeGateway
from tests.races import at_once

PORTALS_OWN = 3
"""Tasks that each tick puts on the list where they are missing."""


def deaf(services: Services) -> Services:
    return replace(services, bell=RedisBell(connect("unix:///nowhere/valkey.sock")))


def ticking(services: Services, before_commit: Callable[[str], None]) -> Services:
    """Ticks as fast as it can; ``before_commit`` is called in each of its transactions."""
    return replace(
        services,
        settings=replace(services.settings, tick=timedelta(milliseconds=1)),
        store=WatchedStore(services.store, before_commit, quietly),
    )


def waiting_rings(services: Services) -> int:
    with Redis.from_url(services.settings.redis_url) as redis:
        return redis.llen(f"rq:queue:{QUEUE}")


def test_a_tick_rings_for_what_is_due(services: Services) -> None:
    with services.store.begin() as session:
        tasks.schedule(session, Kind.REVIEW, "a", services.clock())
        tasks.schedule(session, Kind.REVIEW, "b", services.clock() + timedelta(seconds=1))
    assert tick(services) == 1 + PORTALS_OWN
    assert waiting_rings(services) == 1 + PORTALS_OWN
    assert tick(services) == 0


def test_a_code_arrives_although_redis_is_away(services: Services, gateway: FakeGateway) -> None:
    services = deaf(services)
    verify.request_code(services, CLEAN_SEEKER.phone, Purpose.CLOSE, ADDRESS, ())
    assert gateway.sent == []
    assert tick(services) == 1
    assert gateway.last_code(CLEAN_SEEKER.phone)


def test_other_work_waits_for_the_workers(services: Services, gateway: FakeGateway) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    tick(deaf(services))
    left = {task.kind: task.epoch for task in tasks_of(services, subject=closure.id)}
    assert left == {"erase": 0, "remind": 0, "review": 0}
    assert any(closure.reference in text for _, text in gateway.sent)


def test_two_dispatchers_do_no_harm(services: Services, gateway: FakeGateway) -> None:
    services = deaf(services)
    verify.request_code(services, CLEAN_SEEKER.phone, Purpose.CLOSE, ADDRESS, ())
    at_once(2, lambda _: tick(services))
    assert len(gateway.sent) == 1


def test_it_ticks_until_it_is_told_to_stop(services: Services) -> None:
    stop, ticks = threading.Event(), []

    def count(_: str) -> None:
        ticks.append(1)
        if len(ticks) == 10:
            stop.set()

    dispatch(ticking(services, count), stop)
    assert len(ticks) >= 10


def test_a_database_that_is_away_is_tried_again(services: Services) -> None:
    stop, commits = threading.Event(), []

    def fail_at_first(_: str) -> None:
        commits.append(1)
        if len(commits) < 3:
            raise OperationalError("", {}, Exception(CLEAN_SEEKER.phone))
        stop.set()

    with capture_logs() as logs:
        dispatch(ticking(services, fail_at_first), stop)
    failed = {"event": "dispatcher tick failed", "log_level": "error", "error": "OperationalError"}
    assert logs == [failed] * 2
    assert [task.kind for task in tasks_of(services)] == ["anchor", "kept", "retention"]


class LeapingBell:
    """At its first ring the clock leaps; it remembers the open alerts of each ring."""

    def __init__(self, services: Services, clock: FakeClock, stop: threading.Event) -> None:
        self.services, self.clock, self.stop = services, clock, stop
        self.seen: list[list[Alert]] = []

    def ring(self, *_: str, **__: bool) -> bool:
        with self.services.store.begin() as session:
            self.seen.append(open_alerts(session))
        if len(self.seen) == 2:
            self.stop.set()
        else:
            self.clock.advance(days=6)
        return True


def test_a_clock_that_leaps_pulls_the_brake_before_anything_is_rung_for(
    services: Services, clock: FakeClock
) -> None:
    with services.store.begin() as session:
        tasks.schedule(session, Kind.ERASE, "a", clock() + timedelta(days=1))
    stop = threading.Event()
    bell = LeapingBell(services, clock, stop)
    dispatch(replace(ticking(services, quietly), bell=bell), stop)
    before, after = bell.seen
    assert before == []
    assert [(one.kind, one.subject) for one in after] == [
        ("brake", "clock"),
        ("clock", "dispatcher"),
    ]
    assert abs(after[1].facts["seconds"] - 6 * 86_400) < 60
    with services.store.begin() as session:
        assert brake.pulled(session)


def test_a_leap_waits_for_a_database_that_is_away(services: Services, clock: FakeClock) -> None:
    leap = Leap(clock)
    clock.advance(days=6)
    with pytest.raises(OperationalError):
        stop_for_leap(replace(services, store=WatchedStore(services.store, fails, quietly)), leap)
    stop_for_leap(services, leap)
    with services.store.begin() as session:
        assert [alert.times for alert in open_alerts(session)] == [1, 1]


def fails(_: str) -> None:
    raise OperationalError("", {}, Exception())
