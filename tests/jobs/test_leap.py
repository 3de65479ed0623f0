"""A wall clock that leaps ahead is noticed, however slowly it is looked at."""

from datetime import timedelta

import pytest

from portal.jobs.leap import Leap
from tests.fakes import FakeClock


class Steady:
    """A clock that only tells how much has passed."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def steady() -> Steady:
    return Steady()


@pytest.fixture
def leap(clock: FakeClock, steady: Steady) -> Leap:
    return Leap(clock, steady)


def passes(clock: FakeClock, steady: Steady, seconds: float, leap: float = 0) -> None:
    steady.seconds += seconds
    clock.advance(seconds=seconds + leap)


@pytest.mark.parametrize("seconds", [0.001, 5, 86_400 * 6])
def test_time_that_passes_is_no_leap(
    leap: Leap, clock: FakeClock, steady: Steady, seconds: float
) -> None:
    passes(clock, steady, seconds)
    assert leap.ahead() == timedelta(0)


@pytest.mark.parametrize("seconds", [-86_400, -60, 60])
def test_neither_is_a_clock_set_back_or_right(
    leap: Leap, clock: FakeClock, steady: Steady, seconds: float
) -> None:
    passes(clock, steady, 5, leap=seconds)
    assert leap.ahead() == timedelta(0)


def test_more_than_a_minute_is_told_until_it_is_taken_note_of(
    leap: Leap, clock: FakeClock, steady: Steady
) -> None:
    passes(clock, steady, 5, leap=61)
    passes(clock, steady, 5)
    assert [leap.ahead() for _ in range(2)] == [timedelta(seconds=61)] * 2
    leap.take_note()
    passes(clock, steady, 5)
    assert leap.ahead() == timedelta(0)


def test_a_clock_that_is_a_little_fast_does_not_add_up(
    leap: Leap, clock: FakeClock, steady: Steady
) -> None:
    for _ in range(10):
        passes(clock, steady, 5, leap=30)
        assert leap.ahead() == timedelta(0)
