"""Noticing that the wall clock leapt ahead: what seems due by it may be days early.

The steady clock only counts what passes. It stands still while the machine sleeps, so waking up
looks like a leap too, and that is as well: somebody should look before anything is erased.
"""

import time
from collections.abc import Callable
from datetime import timedelta

from portal.clock import Clock

_TOLERANCE = timedelta(minutes=1)


class Leap:
    """Compares two clocks from one look to the next."""

    def __init__(self, wall: Clock, steady: Callable[[], float] = time.monotonic) -> None:
        self._wall, self._steady = wall, steady
        self.take_note()

    def take_note(self) -> None:
        """From now on the clocks count as right."""
        self._seen = self._wall(), self._steady()

    def ahead(self) -> timedelta:
        """By how much the wall clock leapt ahead, until that is taken note of; zero if not."""
        wall, steady = self._seen
        ahead = self._wall() - wall - timedelta(seconds=self._steady() - steady)
        if ahead > _TOLERANCE:
            return ahead
        self.take_note()
        return timedelta(0)
