"""Nothing lost, nothing done twice: dozens of closures in a storm (SECURITY J1, faults 1 to 11).

``make chaos SEED=… SECONDS=…`` repeats a storm or makes a longer one.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.chaos.crowd import come_to_submit, crowd
from tests.chaos.portal import LEASE, TICK, Portal, portal
from tests.chaos.proof import Onlooker, Proof
from tests.chaos.storm import Storm
from tests.services import short_folder

pytestmark = pytest.mark.xdist_group("chaos")

SEED = int(os.environ.get("CHAOS_SEED", "20261229"))
SECONDS = float(os.environ.get("CHAOS_SECONDS", "10"))
PEOPLE = crowd(min(99, max(36, int(SECONDS * 1.5))))
BUSY_MACHINE = 20.0
"""Seconds that the work itself may take when its processes get little of the machine."""


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as made:
        yield made


@pytest.fixture
def town(
    folder: Path, database: str, database_url: str, blank_database_url: Callable[[], str]
) -> Iterator[Portal]:
    with portal(folder, database_url, blank_database_url(), PEOPLE, SEED) as made:
        yield made


@pytest.mark.usefixtures("both_databases")
def test_a_storm_loses_nothing_and_does_nothing_twice(
    town: Portal, record_property: Callable[[str, object], None]
) -> None:
    print(f"to repeat this storm: make chaos SEED={SEED} SECONDS={SECONDS:g}")
    onlooker = Onlooker(town)
    walked = [come_to_submit(town.services, person) for person in PEOPLE]
    before = onlooker.accounts()
    town.doorbell.start()
    storm = Storm(town, walked, SEED, SECONDS)
    storm.rage(lambda: onlooker.nobody_is_erased_early(storm.fates))
    over = time.monotonic()
    town.wait_for(onlooker.all_is_done)
    took = time.monotonic() - over
    print(f"{dict(storm.faults)}, {town.crew.deaths} deaths; all done {took:.1f} s after the storm")
    proof = Proof(town, storm, before, onlooker.accounts())
    onlooker.close()
    for name in vars(Proof):
        if not name.startswith("_") and name not in Proof.__annotations__:
            getattr(proof, name)()
    assert took < LEASE + TICK + BUSY_MACHINE
