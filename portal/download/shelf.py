"""Where the ZIP is put while it is made: pieces of one size, sealed, in SQL.

Every piece is written in one transaction with a proof that the task is still held: whoever lost it,
to another worker, to a newer download or to the closing, can't add anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.services import Services
from portal.store import tasks
from portal.store.tables import Download, DownloadChunk
from portal.store.tasks import Claim
from portal.store.vault import Seal

PIECE = 256 * 1024


class Shelf:
    """A file that can only be written on, for ``zipfile``. Raises ClaimLostError."""

    def __init__(self, services: Services, claim: Claim, seal: Seal) -> None:
        self._services, self._claim, self._seal = services, claim, seal
        self._held = bytearray()
        self._pieces = 0
        self._done = 0
        self._broken = False
        self.size = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        self._broken = self._broken or failed is not None

    def write(self, data: Any) -> int:
        self._held += data
        while len(self._held) >= PIECE and not self._broken:
            self._put(PIECE)
        return len(data)

    def flush(self) -> None:
        """Pieces have one size: nothing is put down before it is whole."""

    def tell_done(self, rows: int) -> None:
        """Tell the person who waits that so many more are done."""
        self._done += rows
        with self.holding():
            pass

    def end(self) -> None:
        """Put down what is left."""
        if self._held:
            self._put(len(self._held))

    def _put(self, length: int) -> None:
        piece = bytes(self._held[:length])
        sealed = self._seal.close(place(self._claim.subject, self._pieces), piece)
        with self.holding() as session:
            session.add(
                DownloadChunk(download_id=self._claim.subject, position=self._pieces, sealed=sealed)
            )
        del self._held[:length]
        self._pieces += 1
        self.size += length

    @contextmanager
    def holding(self) -> Iterator[Session]:
        """One transaction of whoever holds the task.

        After a failure nothing is put down: ``zipfile`` ends its files even on the way out.
        """
        services, claim = self._services, self._claim
        try:
            with services.store.begin() as session:
                tasks.extend(session, claim, services.clock(), services.settings.lease)
                mine = update(Download).where(Download.id == claim.subject)
                session.execute(mine.values(done=self._done))
                yield session
        except BaseException:
            self._broken = True
            raise


def place(download_id: str, position: int) -> str:
    return f"download_chunk:{download_id}:{position}"
