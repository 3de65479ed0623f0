"""Changing one's mind: possible until erasing begins, and decided by one UPDATE (三.4)."""

from contextlib import suppress
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import update

from portal.closure.lifecycle import MovedOnError, State
from portal.closure.restore import restore
from portal.jobs.run import run_task
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import reload, submitted, tasks_of
from tests.fakes import FakeClock
from tests.races import at_once
from tests.work import work

ROUNDS = 25


def test_a_pending_closure_is_restored_and_the_account_opens(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)
    assert restore(services, closure.id).state == State.RESTORED
    work(services)
    assert upstream.can_sign_in(services, CLEAN_SEEKER)


def test_restoring_waits_for_the_account_system_to_confirm(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    assert not restore(services, closure.id).access_confirmed
    work(services)
    assert reload(services, closure).access_confirmed


def test_it_leaves_nothing_to_review_or_erase(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    restore(services, closure.id)
    assert [task.kind for task in tasks_of(services, subject=closure.id)] == ["access"]
    clock.advance(days=30)
    work(services)
    assert not upstream.is_closed(services, CLEAN_SEEKER)


def test_restoring_twice_is_too_late_the_second_time(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    restore(services, closure.id)
    with pytest.raises(MovedOnError):
        restore(services, closure.id)


def test_it_is_possible_until_the_very_moment_erasing_begins(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.advance(days=30)
    assert restore(services, closure.id).state == State.RESTORED


def test_once_erasing_has_begun_it_is_too_late(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.advance(hours=108)
    work(watched(services, Down("plan")))
    assert reload(services, closure).state == State.ERASING
    with pytest.raises(MovedOnError):
        restore(services, closure.id)


def pend_again(services: Services, closure: Closure) -> str:
    """The same closure, pending, frozen and due once more; answers the task that erases it."""
    with services.store.begin() as session:
        session.execute(
            update(Closure)
            .where(Closure.id == closure.id)
            .values(state=State.PENDING, version=Closure.version + 1)
        )
        tasks.drop(session, tuple(tasks.Kind), closure.id)
        tasks.schedule(session, tasks.Kind.ACCESS, closure.id, services.clock())
    work(services)
    with services.store.begin() as session:
        return tasks.schedule(session, tasks.Kind.ERASE, closure.id, services.clock())


@pytest.mark.usefixtures("both_databases")
def test_at_the_due_instant_either_the_person_wins_or_the_erasing(
    services: Services, clock: FakeClock
) -> None:
    """They meet between the worker's last reading and its move; nothing is ever planned."""
    closure, meeting = submitted(services, CLEAN_SEEKER), Barrier(2)
    clock.advance(hours=108)

    def meet(method: str) -> None:
        if method == "standing":
            meeting.wait(10)

    erasing = watched(services, Down("plan"), meet)

    def act(number: int, task_id: str) -> bool:
        if number:
            run_task(erasing, task_id)
            return False
        meeting.wait(10)
        with suppress(MovedOnError):
            return restore(services, closure.id).state == State.RESTORED
        return False

    for _ in range(ROUNDS):
        task_id = pend_again(services, closure)
        restored = any(at_once(2, partial(act, task_id=task_id)))
        work(services)
        assert reload(services, closure).state == ("restored" if restored else "erasing")
        assert upstream.can_sign_in(services, CLEAN_SEEKER) is restored
