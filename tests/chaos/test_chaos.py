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
from tests.closure.journeys import reload
from tests.services import short_folder

pytestmark = pytest.mark.xdist_group("chaos")

SEED = int(os.environ.get("CHAOS_SEED", "20261229"))
SECONDS = float(os.environ.get("CHAOS_SECONDS", "8"))
PEOPLE = crowd(min(99, int(SECONDS * 3)))
WORK = 60.0
"""Seconds that what a storm left over takes at most, where ``PREPARATION`` takes no longer than
that; on a busier machine both take longer."""
PREPARATION = 1.5
NOTICE = 3.0
"""Seconds that a busy machine may need to notice what is due."""


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


@pytest.fixture
def onlooker(town: Portal) -> Iterator[Onlooker]:
    looking = Onlooker(town)
    yield looking
    looking.close()


@pytest.mark.usefixtures("both_databases")
def test_a_storm_loses_nothing_and_does_nothing_twice(town: Portal, onlooker: Onlooker) -> None:
    click.echo(f"to repeat this storm: make chaos SEED={SEED} SECONDS={SECONDS:g}")
    began = time.monotonic()
    walked = [come_to_submit(town.services, person) for person in PEOPLE]
    busy = max(1.0, (time.monotonic() - began) / (PREPARATION * len(PEOPLE) / 24))
    before = onlooker.accounts()
    town.doorbell.start()
    storm = Storm(town, walked, SEED, SECONDS)
    storm.rage(lambda: onlooker.nobody_is_erased_early(storm.fates))
    over = time.monotonic()
    town.wait_for(onlooker.all_is_done, (LEASE + TICK + WORK) * busy, onlooker.left)
    took = time.monotonic() - over
    click.echo(
        f"{dict(storm.faults)}, {town.crew.deaths} deaths; done {took:.1f} s after the storm"
    )
    assert town.crew.deaths
    proof = Proof(town, storm, before, onlooker.accounts())
    proof.holds()


@pytest.mark.usefixtures("both_databases")
def test_what_a_killed_worker_was_doing_goes_on_within_a_lease_and_a_tick(
    town: Portal, onlooker: Onlooker
) -> None:
    """Killed in the middle of the steps, then before the check; no operator is needed."""
    journey = come_to_submit(town.services, PEOPLE[0])
    town.doorbell.start()
    for call in ("apply", "check"):
        doom(town.folder, call)
    closure = journey.submit(town.services)
    for call in ("apply", "check"):
        death = town.folder / f"died {call}"
        town.wait_for(death.exists)
        held = onlooker.epoch(closure.id)
        town.wait_for(lambda held=held: onlooker.epoch(closure.id) != held)
        took = time.time() - death.stat().st_mtime
        click.echo(f"killed before {call}: goes on after {took:.1f} s")
        assert took < LEASE + TICK + NOTICE
    town.wait_for(onlooker.all_is_done)
    assert reload(town.services, closure).state == "closed"
