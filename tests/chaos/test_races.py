"""Restore, hold, refuse and the erasing meet at the due instant: one wins (F4, fault 20)."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from threading import Barrier

import pytest
from flask import Flask

from portal import create_app
from portal.closure.lifecycle import MovedOnError, State, by_reference
from portal.jobs.run import run_task
from portal.services import Services
from portal.store import tasks
from tests.cast import CLEAN_SEEKER
from tests.chaos.lives import (
    Life,
    due,
    erase_task,
    give_back,
    goes_to_its_end,
    hold,
    is_closed_once,
    refuse,
)
from tests.client import Browser
from tests.closure.faults import SilentBell, watched
from tests.closure.journeys import tasks_of
from tests.closure.paper import PaperAccounts
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.races import at_once
from tests.work import work

pytestmark = pytest.mark.usefixtures("both_databases")

ROUNDS = 25


def wins(act: Callable[[], object]) -> bool:
    try:
        act()
    except MovedOnError:
        return False
    return True


def test_whoever_wins_the_others_are_told_and_access_is_as_the_winner_demands(
    services: Services,
) -> None:
    winners = {race(services) for _ in range(ROUNDS)}
    assert len(winners) > 1


def race(services: Services) -> str:
    """They meet between the worker's last reading and its move; answers the winner."""
    life, meeting = due(services), Barrier(4)
    task_id = erase_task(life)
    erasing = watched(life.services, lambda name: name == "standing" and meeting.wait(10))
    acts = (give_back, refuse, hold)

    def take_part(number: int) -> bool:
        if number == len(acts):
            run_task(erasing, task_id)
            return True
        meeting.wait(10)
        return wins(partial(acts[number], services, life))

    restored, refused, held, _ = at_once(4, take_part)
    winner = is_decided(life, restored=restored, refused=refused, held=held)
    goes_to_its_end(life)
    return winner


def is_decided(life: Life, *, restored: bool, refused: bool, held: bool) -> str:
    """One of the three ends was reached; a hold came before it, or too late."""
    state, told = life.state(), life.told()
    assert restored is (state == State.RESTORED)
    assert refused is (state == State.REFUSED)
    assert told["closure.held"] == held
    if not restored and not refused:
        is_closed_once(life)
        assert not held
    return state


@pytest.fixture
def paper() -> PaperAccounts:
    """One that is new with every round, but does not look like a restored backup."""
    made = PaperAccounts(CLEAN_SEEKER)
    made.erased = lambda closure: True
    return made


@pytest.fixture
def services(services: Services, paper: PaperAccounts) -> Services:
    return replace(services, accounts=paper, bell=SilentBell())


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services.settings, services)


def test_the_person_who_comes_too_late_gets_a_page_that_says_so(
    app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock, paper: PaperAccounts
) -> None:
    """The same over HTTP: the button was on the page, and somebody else was quicker, or not."""
    for number in range(6):
        walk = Walk(Browser(app), services, gateway, CLEAN_SEEKER)
        reference = walk.submits()
        clock.advance(hours=107, minutes=55)
        walk.tracks()
        walk.browser.open(f"/closures/{reference}/restore")
        clock.advance(minutes=5)
        (task,) = tasks_of(services, tasks.Kind.ERASE)
        acts = [lambda walk=walk: walk.browser.send()]
        acts.append(lambda task=task: run_task(services, task.id))
        at_once(2, lambda n, acts=acts, number=number: acts[(n + number) % 2]())
        is_told(walk, services, reference)
        work(services)
        vars(paper).update(vars(PaperAccounts(CLEAN_SEEKER)))


def is_told(walk: Walk, services: Services, reference: str) -> None:
    with services.store.begin() as session:
        closure = by_reference(session, reference)
    assert closure is not None
    told = (walk.browser.heading, walk.browser.response.status_code)
    if closure.state == State.RESTORED:
        assert told == ("正在恢复账号", 200)
    else:
        assert closure.state == State.CLOSED
        assert told == ("已经无法恢复", 409)
