"""The task that makes a download: whole or not at all, and gone when it should be."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.closure.lifecycle import State, move
from portal.closure.restore import restore
from portal.download import asking, fetching, making
from portal.evidence.ledger import Kind as Event
from portal.jobs.run import run_task
from portal.language import Language
from portal.services import Services
from portal.store.tables import Download, DownloadChunk
from portal.store.tasks import Claim, Kind
from tests.cast import BUSY, CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure.faults import DiesAt, Down, Killed, mortal, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of, work_on
from tests.closure.test_closing import bytes_of as bytes_on_disk
from tests.download.takeaway import asked, bytes_of, count, made, offered, the, unpacked
from tests.fakes import FakeClock
from tests.work import work

SIDE = MANY_IDENTITIES.recruiter_id(1002)


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pieces of which even a usual person's ZIP has several."""
    for module in ("shelf", "fetching"):
        monkeypatch.setattr(f"portal.download.{module}.PIECE", 16 * 1024)


@pytest.mark.usefixtures("both_databases", "small_pieces")
def test_what_is_made_in_pieces_is_one_whole_zip(services: Services) -> None:
    made(services, BUSY)
    assert count(services, DownloadChunk) > 2
    assert "index.html" in unpacked(bytes_of(services, BUSY))


@pytest.mark.usefixtures("small_pieces")
def test_nothing_can_be_read_where_it_lies(services: Services, tmp_path: Path) -> None:
    made(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        pieces = list(session.scalars(select(DownloadChunk.sealed)))
    assert pieces
    assert not any(b"PK\x03\x04" in piece or b"index.html" in piece for piece in pieces)


def test_the_ledger_tells_of_making_and_fetching_by_counts_only(services: Services) -> None:
    closure = made(services, CLEAN_SEEKER)
    size = len(bytes_of(services, CLEAN_SEEKER))
    told = {event.kind: event for event in events_of(services, closure)}
    assert told[Event.DOWNLOAD_MADE].facts.keys() == {"rows", "files", "bytes"}
    assert told[Event.DOWNLOAD_MADE].facts["files"] == 2
    assert told[Event.DOWNLOAD_FETCHED].facts == {"bytes": size}
    assert told[Event.DOWNLOAD_FETCHED].evidence is told[Event.DOWNLOAD_FETCHED].business is None
    assert asking.was_fetched(services, closure.journey_id)


@pytest.mark.usefixtures("small_pieces")
def test_a_worker_may_die_at_any_moment(services: Services, clock: FakeClock) -> None:
    asked(services, CLEAN_SEEKER)
    deaths = 0
    while the(services, CLEAN_SEEKER).state == "making":
        deaths += 1
        (task,) = tasks_of(services, Kind.DOWNLOAD)
        with pytest.raises(Killed):
            run_task(mortal(services, DiesAt(3 * deaths)), task.id)
        clock.advance(seconds=61)
    work_on(services, Kind.DOWNLOAD)
    assert deaths > 20
    assert "index.html" in unpacked(bytes_of(services, CLEAN_SEEKER))


@pytest.mark.usefixtures("both_databases", "small_pieces")
def test_what_a_dead_worker_left_is_no_part_of_the_next_one(
    services: Services, clock: FakeClock
) -> None:
    asked(services, BUSY)
    (task,) = tasks_of(services, Kind.DOWNLOAD)
    with pytest.raises(Killed):
        run_task(mortal(services, DiesAt(100)), task.id)
    assert count(services, DownloadChunk)
    clock.advance(seconds=61)
    work_on(services, Kind.DOWNLOAD)
    assert "index.html" in unpacked(bytes_of(services, BUSY))


@pytest.mark.usefixtures("both_databases", "small_pieces")
def test_who_lost_the_task_adds_nothing(services: Services, clock: FakeClock) -> None:
    """A worker that was thought dead wakes up after another one has done it all."""
    asked(services, BUSY)
    (task,) = tasks_of(services, Kind.DOWNLOAD)
    woken = []

    def sleep(name: str) -> None:
        if name == "export":
            clock.advance(seconds=61)
            run_task(services, task.id)
            woken.append(the(services, BUSY).size)

    run_task(watched(services, sleep), task.id)
    assert woken == [the(services, BUSY).size] != [0]
    unpacked(bytes_of(services, BUSY))


def test_an_account_system_that_is_away_is_asked_again(
    services: Services, clock: FakeClock
) -> None:
    asked(services, CLEAN_SEEKER)
    away = watched(services, Down("export"))
    work_on(away, Kind.DOWNLOAD)
    assert the(services, CLEAN_SEEKER).state == "making"
    clock.advance(seconds=10)
    work_on(services, Kind.DOWNLOAD)
    assert the(services, CLEAN_SEEKER).state == "ready"


@pytest.mark.usefixtures("both_databases")
def test_after_72_hours_key_and_pieces_are_gone(services: Services, clock: FakeClock) -> None:
    closure = made(services, CLEAN_SEEKER)
    restore(services, closure.id)
    clock.advance(hours=72, seconds=-1)
    work_on(services, Kind.DOWNLOAD)
    bytes_of(services, CLEAN_SEEKER)
    clock.advance(seconds=1)
    assert fetching.fetch(services, CLEAN_SEEKER.id) is None
    work_on(services, Kind.DOWNLOAD)
    assert count(services, Download) == count(services, DownloadChunk) == 0
    assert tasks_of(services, Kind.DOWNLOAD) == []


def test_what_was_never_made_is_given_up(services: Services, clock: FakeClock) -> None:
    asked(services, CLEAN_SEEKER)
    clock.advance(hours=72)
    work_on(services, Kind.DOWNLOAD)
    assert count(services, Download) == 0


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("side", [MANY_IDENTITIES.seeker_id, SIDE], ids=["account", "side"])
def test_closing_destroys_it(services: Services, clock: FakeClock, side: str) -> None:
    closure = submitted(services, MANY_IDENTITIES, side)
    clock.at(closure.erase_at - timedelta(minutes=1))
    asking.ask(services, offered(services, MANY_IDENTITIES), Language.CHINESE)
    work_on(services, Kind.DOWNLOAD)
    assert count(services, DownloadChunk)
    clock.at(closure.erase_at)
    work(services)
    assert reload(services, closure).state == "closed"
    assert count(services, Download) == count(services, DownloadChunk) == 0
    assert tasks_of(services, Kind.DOWNLOAD) == []
    assert fetching.fetch(services, MANY_IDENTITIES.id) is None


def test_after_closing_no_byte_of_key_or_pieces_is_on_disk(
    services: Services, clock: FakeClock, tmp_path: Path
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.at(closure.erase_at - timedelta(minutes=1))
    asking.ask(services, offered(services, CLEAN_SEEKER), Language.CHINESE)
    work_on(services, Kind.DOWNLOAD)
    with services.store.begin() as session:
        key, piece = (
            session.scalars(select(Download.key)).one(),
            session.scalars(select(DownloadChunk.sealed)).one(),
        )
    assert key is not None
    assert key in bytes_on_disk(services, tmp_path)
    clock.at(closure.erase_at)
    work(services)
    left = bytes_on_disk(services, tmp_path)
    assert key not in left
    assert not any(piece[at : at + 64] in left for at in range(0, len(piece) - 64, 997))


def test_what_was_not_made_before_erasing_began_is_never_made(
    services: Services, clock: FakeClock
) -> None:
    """Some rows may be gone already: half of somebody's data must not pass for all of it."""
    closure = asked(services, CLEAN_SEEKER)
    (task,) = tasks_of(services, Kind.DOWNLOAD)

    def erasing_begins(name: str) -> None:
        if name == "export":
            with services.store.begin() as session:
                move(session, closure.id, State.ERASING, clock())

    run_task(watched(services, erasing_begins), task.id)
    assert count(services, Download) == count(services, DownloadChunk) == 0


def test_a_closing_waits_for_no_download(services: Services, clock: FakeClock) -> None:
    closure = asked(services, CLEAN_SEEKER)
    clock.at(closure.erase_at)
    for _ in range(30):
        work_on(services, *(set(Kind) - {Kind.DOWNLOAD}))
    assert reload(services, closure).state == "closed"


@pytest.mark.usefixtures("small_pieces")
def test_one_that_is_cut_short_is_no_whole_one(services: Services) -> None:
    made(services, BUSY)
    opened = fetching.fetch(services, BUSY.id)
    assert opened
    got = next(opened.pieces)
    asking.ask(services, offered(services, BUSY), Language.CHINESE)
    with pytest.raises(fetching.DestroyedError):
        next(opened.pieces)
    assert len(got) < opened.size


def test_a_task_without_a_download_is_done(services: Services) -> None:
    claim = Claim("any", Kind.DOWNLOAD, "0" * 32, epoch=1, attempts=0)
    assert making.make(services, claim) is None
