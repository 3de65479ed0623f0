"""Nothing lost, nothing done twice: dozens of closures in a storm (SECURITY J1, faults 1 to 11).

``make chaos SEED=… SECONDS=…`` repeats a storm or makes a longer one.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest

from tests.chaos.crowd import come_to_submit, crowd
from tests.chaos.portal import LEASE, TICK, Portal, portal
from tests.chaos.proof import Onlooker, Proof
from tests.chaos.storm import Storm
from tests.chaos.weather import doom
from tests.services import short_folder

pytestmark = pytest.mark.xdist_group("chaos")

SEED = int(os.environ.get("CHAOS_SEED", "20261229"))
SECONDS = float(os.environ.get("CHAOS_SECONDS", "8"))
PEOPLE = crowd(min(99, int(SECONDS * 3)))
WORK = 20.0
"""Seconds that what is left to do after a storm may take on a busy machine."""
START = 4.0
"""Seconds that going on with one erasure may take there, beyond noticing that it stands still."""


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
def test_a_storm_loses_nothing_and_does_nothing_twice(town: Portal) -> None:
    click.echo(f"to repeat this storm: make chaos SEED={SEED} SECONDS={SECONDS:g}")
    onlooker = Onlooker(town)
    walked = [come_to_submit(town.services, person) for person in PEOPLE]
    before = onlooker.accounts()
    town.doorbell.start()
    storm = Storm(town, walked, SEED, SECONDS)
    storm.rage(lambda: onlooker.nobody_is_erased_early(storm.fates))
    over = time.monotonic()
    town.wait_for(onlooker.all_is_done)
    took = time.monotonic() - over
    click.echo(
        f"{dict(storm.faults)}, {town.crew.deaths} deaths; all done {took:.1f} s after the storm"
    )
    assert town.crew.deaths
    proof = Proof(town, storm, before, onlooker.accounts())
    onlooker.close()
    proof.holds()
    assert took < LEASE + TICK + WORK


@pytest.mark.usefixtures("both_databases")
def test_what_a_killed_worker_was_doing_goes_on_within_a_lease_and_a_tick(town: Portal) -> None:
    """Killed before the last reading, the plan, a step and the check; no operator is needed."""
    onlooker = Onlooker(town)
    closures = [come_to_submit(town.services, person) for person in PEOPLE[:4]]
    calls = ("standing", "plan", "apply", "check")
    town.doorbell.start()
    for journey in closures:
        journey.submit(town.services)
    for call in calls:
        doom(town.folder, call)
    town.wait_for(onlooker.all_is_done)
    onlooker.close()
    died = sorted((town.folder / f"died {call}").stat().st_mtime for call in calls)
    took = time.time() - died[-1]
    click.echo(f"all done {took:.1f} s after the last kill")
    assert took < LEASE + TICK + START
