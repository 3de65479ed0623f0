"""One tick: what is due is rung for; a lost ring is rung again; codes need no Redis."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.closure import verify
from portal.closure.sweep import sweep
from portal.jobs.run import run_task
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Task
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import Down, watched
from tests.closure.journeys import ADDRESS, submitted, tasks_of
from tests.fakes import FakeClock


class LoggedBell:
    """Remembers what it was rung for; ``heard`` says whether there was anybody to tell."""

    def __init__(self, *, heard: bool = True) -> None:
        self.heard = heard
        self.rings: list[str] = []
        self.downloads: list[str] = []

    def ring(self, *task_ids: str, downloads: bool = False, patient: bool = False) -> bool:
        (self.downloads if downloads else self.rings).extend(task_ids)
        return self.heard


class BusyWorker:
    """A worker so fast that the work is done, or has failed, before ``ring`` returns."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def ring(self, *task_ids: str, **_: bool) -> bool:
        for task_id in task_ids:
            run_task(self._services, task_id)
        return True


@pytest.fixture
def bell() -> LoggedBell:
    return LoggedBell()


@pytest.fixture
def swept(services: Services, bell: LoggedBell) -> Services:
    """Services whose list of work is empty but for the portal's own tasks, which were done."""
    rung = replace(services, bell=bell)
    sweep(rung)
    for task in tasks_of(rung):
        run_task(rung, task.id)
    bell.rings.clear()
    return rung


def put(services: Services, kind: Kind, subject: str, due_in: timedelta = timedelta(0)) -> str:
    with services.store.begin() as session:
        return tasks.schedule(session, kind, subject, services.clock() + due_in)


def test_what_is_due_is_rung_for_and_nothing_else(swept: Services, bell: LoggedBell) -> None:
    due = put(swept, Kind.REVIEW, "a")
    put(swept, Kind.REVIEW, "b", timedelta(seconds=1))
    assert sweep(swept) == ([due], [])
    assert bell.rings == [due]


def test_with_nothing_due_nobody_is_disturbed(swept: Services, bell: LoggedBell) -> None:
    assert sweep(swept) == ([], [])
    assert bell.rings == []


def test_the_portals_own_tasks_put_themselves_on_the_list_once(
    services: Services, clock: FakeClock
) -> None:
    services = replace(services, bell=LoggedBell())
    for _ in range(2):
        sweep(services)
        clock.advance(seconds=5)
    assert [task.kind for task in tasks_of(services)] == ["anchor", "kept", "retention"]


def test_a_lost_ring_is_rung_again_after_a_minute(
    swept: Services, bell: LoggedBell, clock: FakeClock
) -> None:
    task_id = put(swept, Kind.REVIEW, "a")
    for _ in range(13):
        sweep(swept)
        clock.advance(seconds=5)
    assert bell.rings == [task_id] * 2


def test_a_task_in_a_workers_hands_is_not_rung_for(
    swept: Services, bell: LoggedBell, clock: FakeClock
) -> None:
    task_id = put(swept, Kind.REVIEW, "a")
    with swept.store.begin() as session:
        tasks.claim(session, task_id, clock(), swept.settings.lease)
    assert sweep(swept) == ([], [])
    clock.advance(minutes=1)
    assert sweep(swept) == ([task_id], [])


def test_a_failure_before_the_ring_is_noted_does_not_delay_the_retry(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    failing = watched(services, Down())
    sweep(replace(services, bell=BusyWorker(failing)))
    (task,) = tasks_of(services, Kind.ACCESS, subject=closure.id)
    assert task.attempts == 1
    clock.at(task.due_at)
    rung, _ = sweep(replace(services, bell=LoggedBell()))
    assert task.id in rung


def test_the_batch_is_bounded_and_the_oldest_come_first(swept: Services, bell: LoggedBell) -> None:
    flood(swept, 600)
    old = put(swept, Kind.ERASE, "old", timedelta(hours=-2))
    rung, _ = sweep(swept)
    assert len(rung) == 500
    assert rung[0] == old
    assert len(sweep(swept)[0]) == 101


def test_what_somebody_waits_for_is_rung_for_before_all_else(
    swept: Services, bell: LoggedBell
) -> None:
    flood(swept, 600)
    message = put(swept, Kind.MESSAGE, "code")
    rung, _ = sweep(swept)
    assert (rung[0], len(rung)) == (message, 501)


def flood(services: Services, number: int) -> None:
    """Many reviews that have been due for an hour."""
    with services.store.begin() as session:
        session.add_all(
            Task(
                id=f"{n:032}",
                kind=Kind.REVIEW,
                subject=f"closure {n}",
                due_at=services.clock() - timedelta(hours=1),
                epoch=0,
                attempts=0,
            )
            for n in range(number)
        )


def test_without_redis_only_short_tasks_are_handed_back(swept: Services, bell: LoggedBell) -> None:
    bell.heard = False
    put(swept, Kind.REVIEW, "a")
    put(swept, Kind.ERASE, "a")
    short = {put(swept, kind, "a") for kind in (Kind.MESSAGE, Kind.ACCESS)}
    rung, own = sweep(swept)
    assert (rung, set(own)) == ([], short)


def test_without_redis_a_code_does_not_wait_behind_other_work(
    swept: Services, bell: LoggedBell
) -> None:
    bell.heard = False
    flood(swept, 600)
    message = put(swept, Kind.MESSAGE, "code")
    assert sweep(swept) == ([], [message])


def test_without_redis_nothing_counts_as_rung(swept: Services, bell: LoggedBell) -> None:
    bell.heard = False
    task_id = put(swept, Kind.REVIEW, "a")
    sweep(swept)
    bell.heard = True
    assert sweep(swept) == ([task_id], [])


@pytest.mark.usefixtures("both_databases")
def test_a_ring_is_noted_for_the_whole_batch(swept: Services, clock: FakeClock) -> None:
    for subject in "abc":
        put(swept, Kind.REVIEW, subject)
    sweep(swept)
    with swept.store.begin() as session:
        due_ones = select(Task.rung_at).where(Task.kind == Kind.REVIEW)
        assert session.scalars(due_ones).all() == [clock()] * 3


@pytest.mark.parametrize("both_databases", ["postgresql"])
def test_noting_a_ring_waits_for_nobody(
    both_databases: str, swept: Services, clock: FakeClock
) -> None:
    """On SQLite writers come one by one anyway; here waiting for two of them could be a ring."""
    held, free = put(swept, Kind.REVIEW, "held"), put(swept, Kind.REVIEW, "free")
    with swept.store.begin() as working:
        tasks.claim(working, held, clock(), swept.settings.lease)
        with swept.store.begin() as session:
            session.execute(text("SET LOCAL lock_timeout = '2s'"))
            tasks.mark_rung(session, [held, free], clock())
    rung = {task.id: task.rung_at for task in tasks_of(swept, Kind.REVIEW)}
    assert rung == {held: None, free: clock()}


def test_asking_for_a_code_rings_at_once(swept: Services, bell: LoggedBell) -> None:
    verify.request_code(swept, CLEAN_SEEKER.phone, Purpose.CLOSE, ADDRESS, ())
    assert bell.rings == [task.id for task in tasks_of(swept, Kind.MESSAGE)]


def test_downloads_ring_for_their_own_workers(swept: Services, bell: LoggedBell) -> None:
    now = swept.clock()
    with swept.store.begin() as session:
        usual = tasks.schedule(session, Kind.ERASE, "a", now)
        download = tasks.schedule(session, Kind.DOWNLOAD, "b", now)
    sweep(swept)
    assert (bell.rings, bell.downloads) == ([usual], [download])
    sweep(swept)
    assert (bell.rings, bell.downloads) == ([usual], [download])
