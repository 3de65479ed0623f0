"""The story of a closure, in every state it can be in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from portal.closure.lifecycle import State
from portal.closure.progress import Milestone
from portal.evidence.ledger import Kind
from portal.store.tables import Closure
from portal.web.timeline import timeline

START = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def told(state: State, *kinds: Kind, confirmed: bool = True) -> list[tuple[str, str]]:
    """(title, status) of every line; the milestones lie an hour apart."""
    lines = timeline(closure(state, confirmed=confirmed), happened(*kinds))
    return [(str(line.title), line.status) for line in lines]


def closure(state: State, *, confirmed: bool = True) -> Closure:
    return Closure(
        state=state,
        access_confirmed=confirmed,
        erase_at=START + timedelta(hours=108),
        promise_at=START + timedelta(hours=120),
    )


def happened(*kinds: Kind) -> tuple[Milestone, ...]:
    return tuple(
        Milestone(kind, START + timedelta(hours=n))
        for n, kind in enumerate((Kind.SUBMITTED, *kinds))
    )


def test_pending_is_being_checked_and_has_two_things_before_it() -> None:
    assert told(State.PENDING) == [
        ("已提交", "done"),
        ("核查中", "current"),
        ("开始注销处理", "todo"),
        ("已注销", "todo"),
    ]


def test_pending_tells_the_instants_to_come() -> None:
    *_, begin, end = timeline(closure(State.PENDING), happened())
    assert (begin.text, end.text) == ("最早 2026年11月26日 22:00", "不晚于 2026年11月27日 10:00")


def test_held_stands_where_it_stopped() -> None:
    assert told(State.HELD, Kind.HELD) == [
        ("已提交", "done"),
        ("已暂停", "current"),
        ("开始注销处理", "todo"),
        ("已注销", "todo"),
    ]


def test_held_tells_no_instant_to_come() -> None:
    *_, held, begin, end = timeline(closure(State.HELD), happened(Kind.HELD))
    assert held.at == START + timedelta(hours=1)
    assert held.text == "暂停中，核查恢复后顺延。"
    assert (begin.text, begin.at, end.text, end.at) == (None, None, None, None)


def test_a_hold_that_is_over_stays_in_the_story() -> None:
    assert told(State.PENDING, Kind.HELD, Kind.RESUMED)[:4] == [
        ("已提交", "done"),
        ("已暂停", "done"),
        ("恢复核查", "done"),
        ("核查中", "current"),
    ]


def test_erasing_has_one_thing_before_it() -> None:
    assert told(State.ERASING, Kind.ERASING) == [
        ("已提交", "done"),
        ("开始注销处理", "done"),
        ("处理中", "current"),
        ("已注销", "todo"),
    ]


@pytest.mark.parametrize(
    ("state", "kinds", "title"),
    [
        (State.CLOSED, (Kind.ERASING, Kind.CLOSED), "已注销"),
        (State.REFUSED, (Kind.HELD, Kind.REFUSED), "未通过"),
        (State.RESTORED, (Kind.RESTORED,), "已恢复"),
    ],
)
def test_an_end_is_the_last_line(state: State, kinds: tuple[Kind, ...], title: str) -> None:
    *before, end = told(state, *kinds)
    assert end == (title, "current")
    assert {status for _, status in before} == {"done"}


def test_restoring_is_not_done_before_access_is_confirmed() -> None:
    assert told(State.RESTORED, Kind.RESTORED, confirmed=False)[-1] == ("正在恢复", "current")


LAST = {
    State.PENDING: (),
    State.HELD: (Kind.HELD,),
    State.RESTORED: (Kind.RESTORED,),
    State.REFUSED: (Kind.REFUSED,),
    State.ERASING: (Kind.ERASING,),
    State.CLOSED: (Kind.ERASING, Kind.CLOSED),
}


@pytest.mark.parametrize("state", State)
def test_exactly_one_line_is_the_present(state: State) -> None:
    assert [status for _, status in told(state, *LAST[state])].count("current") == 1
