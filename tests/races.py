"""Doing the same thing many times at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

T = TypeVar("T")


def at_once(times: int, call: Callable[[int], T]) -> list[T]:
    """Start ``call(0)`` to ``call(times - 1)`` together, each in a thread; answer the results."""
    barrier = Barrier(times)

    def start(number: int) -> T:
        barrier.wait()
        return call(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(start, range(times)))
