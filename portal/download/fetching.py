"""Handing a download over: opened piece by piece, while it is sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from portal.download.asking import Stage
from portal.download.making import key_place
from portal.download.shelf import PIECE, place
from portal.evidence.ledger import Actor, Kind, record
from portal.services import Services
from portal.store import downloads
from portal.store.engine import reading
from portal.store.tables import DownloadChunk
from portal.store.vault import Seal


class DestroyedError(Exception):
    """It was destroyed while it was sent; whoever receives it sees that it is cut short."""


@dataclass(frozen=True)
class Opened:
    size: int
    pieces: Iterator[bytes]


def fetch(services: Services, account_id: str) -> Opened | None:
    """The account's download, if it is ready and its term runs; the ledger tells of it."""
    now = services.clock()
    with services.store.begin() as session:
        there = downloads.of(session, account_id)
        if there is None or there.state != Stage.READY or there.expires_at <= now:
            return None
        record(
            session,
            services.vault,
            at=now,
            journey_id=there.journey_id,
            kind=Kind.DOWNLOAD_FETCHED,
            actor=Actor.PERSON,
            facts={"bytes": there.size},
        )
    seal = services.vault.unwrap(key_place(there.id), there.key or b"")
    return Opened(there.size, _pieces(services, there.id, there.size, seal))


def _pieces(services: Services, download_id: str, size: int, seal: Seal) -> Iterator[bytes]:
    for position in range(-(-size // PIECE)):
        mine = (DownloadChunk.download_id == download_id, DownloadChunk.position == position)
        with reading(services.store.engine) as connection:
            sealed = connection.scalar(select(DownloadChunk.sealed).where(*mine))
        if sealed is None:
            raise DestroyedError
        yield seal.open(place(download_id, position), sealed)
