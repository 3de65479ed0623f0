"""Erasing a usual and a busy person: statements must grow with tables, not with rows."""

import time
from dataclasses import dataclass

from sqlalchemy import func, select

from bench.journey import BY_KEY
from bench.world import Statements, World, world
from portal.store.tables import ErasureStep
from tests.client import Browser
from tests.people import Walk
from tests.work import work


@dataclass(frozen=True)
class Erasure:
    rows: int
    own: int
    theirs: int
    seconds: float


def measure() -> list[str]:
    with world() as here:
        usual, busy = (_erase(here, key) for key in ("clean_seeker", "busy"))
    return [
        (
            f"erasing {busy.rows} rows against {usual.rows}:"
            f" {busy.theirs / usual.theirs:.2f} x the statements on the accounts' database"
            f" ({busy.theirs}, {usual.theirs}), {busy.own / usual.own:.2f} x on the portal's own"
            f" ({busy.own}, {usual.own}), {busy.seconds / usual.seconds:.2f} x the time"
            f" ({busy.seconds * 1000:.0f} ms, {usual.seconds * 1000:.0f} ms)"
        )
    ]


def _erase(here: World, key: str) -> Erasure:
    Walk(Browser(here.app), here.services, here.gateway, BY_KEY[key]).submits()
    work(here.services)
    here.clock.advance(hours=109)
    settings = here.services.settings
    own, theirs = Statements(settings.database_url), Statements(settings.accounts_url)
    before = time.perf_counter()
    work(here.services)
    seconds = time.perf_counter() - before
    own_made, theirs_made = own.made, theirs.made
    with here.services.store.begin() as session:
        rows = session.scalar(select(func.sum(ErasureStep.done))) or 0
        session.query(ErasureStep).delete()
    return Erasure(rows, own_made, theirs_made, seconds)
