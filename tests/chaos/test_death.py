"""A process dies before or after any commit or call: whoever comes next finishes, once (J4)."""

from contextlib import suppress
from itertools import count

import pytest

from portal.closure.lifecycle import MovedOnError
from portal.jobs.run import run_task
from portal.services import Services
from tests.chaos.lives import (
    DEEDS,
    born,
    due,
    erase_task,
    goes_to_its_end,
    is_closed_once,
    submit,
)
from tests.closure.faults import DiesAt, Killed, mortal
from tests.closure.journeys import tasks_of
from tests.fakes import FakeClock, FakeGateway
from tests.work import work

pytestmark = pytest.mark.usefixtures("both_databases")


@pytest.mark.parametrize("name", DEEDS)
def test_what_a_request_died_of_can_be_asked_for_again(services: Services, name: str) -> None:
    """A person or operator who got no answer tries again, and is told if it was done already."""
    deed = DEEDS[name]
    for moment in count(1):
        life = deed.prepare(services)
        dead = False
        try:
            deed.act(mortal(life.services, DiesAt(moment)), life)
        except Killed:
            dead = True
            with suppress(MovedOnError):
                deed.act(life.services, life)
        assert life.state() == deed.state
        assert life.told()[deed.told] == 1
        goes_to_its_end(life)
        if not dead:
            break
    assert moment > 2


def test_workers_that_die_of_freezing_reviewing_or_sending_are_followed_by_others(
    services: Services, clock: FakeClock, gateway: FakeGateway
) -> None:
    """Each SMS is sent at most once, and once unless somebody died with it in hand."""
    for moment in count(1):
        life = born(services)
        submit(life.services, life)
        gateway.sent.clear()
        dead = False
        try:
            work(mortal(life.services, DiesAt(moment)))
        except Killed:
            dead = True
            clock.advance(minutes=1)
            work(life.services)
        assert not life.paper.open
        assert len(gateway.sent) == 1 or (dead and not gateway.sent)
        left = {task.kind for task in tasks_of(life.services, subject=life.it.id)}
        assert {"erase", "review"} <= left
        assert not left & {"access", "message"}
        goes_to_its_end(life)
        if not dead:
            break
    assert moment > 10


def test_an_erasure_dies_at_every_moment_and_is_finished_by_others(
    services: Services, clock: FakeClock
) -> None:
    for moment in count(1):
        life = due(services)
        task_id = erase_task(life)
        dead = False
        try:
            run_task(mortal(life.services, DiesAt(moment)), task_id)
        except Killed:
            dead = True
            clock.advance(minutes=1)
            run_task(life.services, task_id)
        is_closed_once(life)
        if not dead:
            break
    assert moment > 30
