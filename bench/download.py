"""A download of many rows: rows a second and memory, beside zipping them all at once."""

import io
import json
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import insert

from bench.journey import BY_KEY
from bench.world import World, world
from portal.accounts.sample.schema.contact import chat_message
from portal.download import asking
from portal.language import Language
from portal.store.engine import make_engine
from portal.store.tables import Download
from portal.store.tasks import Kind
from tests.client import Browser
from tests.closure.journeys import work_on
from tests.people import Walk
from tests.work import work

SIZES = (10_000, 100_000)
_PERSON = BY_KEY["clean_seeker"]


@dataclass(frozen=True)
class Made:
    rows: int
    seconds: float
    bytes: int


def measure() -> list[str]:
    figures = []
    for rows in SIZES:
        with world() as here:
            _live(here, rows)
            plain, plain_peak = _both(lambda here=here: _at_once(here))
            ours, peak = _both(lambda here=here: _download(here))
        figures.append(
            f"a download of {ours.rows} rows: {ours.rows / ours.seconds:.0f} rows/s in pages,"
            f" tables and JSON, peak {peak / 2**20:.1f} MiB, {ours.bytes / 2**20:.1f} MiB of ZIP"
            f" (all at once as JSON: {plain.rows / plain.seconds:.0f} rows/s,"
            f" peak {plain_peak / 2**20:.1f} MiB)"
        )
    return figures


def _live(here: World, rows: int) -> None:
    """Submitted, with so many chat messages."""
    Walk(Browser(here.app), here.services, here.gateway, _PERSON).submits()
    work(here.services)
    engine = make_engine(here.services.settings.accounts_url)
    message = {"sender_id": _PERSON.seeker_id, "text": "您好，我想了解一下这个职位。" * 3}
    with engine.begin() as connection:
        for _ in range(rows // 1000):
            now = here.clock()
            connection.execute(insert(chat_message), [{**message, "sent_at": now}] * 1000)
    engine.dispose()


def _both(make: Callable[[], Made]) -> tuple[Made, int]:
    """Its speed, and in a second run the most memory it had at a time."""
    made = make()
    tracemalloc.start()
    make()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return made, peak


def _download(here: World) -> Made:
    here.clock.advance(hours=25)
    offer = asking.offer(here.services, _PERSON.id, None)
    assert offer
    asking.ask(here.services, offer, Language.CHINESE)
    begun = time.perf_counter()
    work_on(here.services, Kind.DOWNLOAD)
    seconds = time.perf_counter() - begun
    with here.services.store.begin() as session:
        made = session.query(Download).one()
        return Made(made.total // 3, seconds, made.size)


def _at_once(here: World) -> Made:
    offer = asking.offer(here.services, _PERSON.id, None)
    assert offer
    begun = time.perf_counter()
    found = {
        one.name: [row for bite in one.bites() for row in bite]
        for one in here.services.accounts.export(offer.scope)
    }
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as archive:
        archive.writestr("all.json", json.dumps(found, ensure_ascii=False, default=str))
    rows = sum(map(len, found.values()))
    return Made(rows, time.perf_counter() - begun, len(content.getvalue()))
