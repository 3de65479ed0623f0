"""Making a download, and destroying it when its term is over: the one task that it has.

A worker that dies leaves pieces behind. Whoever takes the task up begins anew, with a new key.
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, update

from portal.download import archive
from portal.download.asking import KEPT, Stage, is_too_late, scope
from portal.download.shelf import Shelf
from portal.evidence.ledger import Actor, Kind, record
from portal.language import Language
from portal.services import Services
from portal.store import downloads, tasks
from portal.store.engine import LogInUseError, empty_log
from portal.store.tables import Download, DownloadChunk
from portal.store.tasks import Claim
from portal.store.vault import Seal


def make(services: Services, claim: Claim) -> datetime | None:
    """Answers when it has to be destroyed; None once it is.

    Raises ClaimLostError and AccountSystemUnavailableError.
    """
    with services.store.begin() as session:
        download = session.get(Download, claim.subject)
    if download is None:
        return None
    if services.clock() >= download.expires_at or _begun_to_erase(services, download):
        _destroy(services, claim, download)
        return None
    if download.state == Stage.READY:
        return download.expires_at
    return _make(services, claim, download)


def key_place(download_id: str) -> str:
    return f"download.key:{download_id}"


def _make(services: Services, claim: Claim, download: Download) -> datetime | None:
    with Shelf(services, claim, _begin(services, claim)) as shelf:
        extracts = list(services.accounts.export(scope(download)))
        rows = sum(extract.rows for extract in extracts)
        with shelf.holding() as session:
            total = rows * archive.FORMS
            session.execute(update(Download).where(Download.id == download.id).values(total=total))
        files = archive.write(shelf, extracts, Language(download.language), services.clock())
        shelf.end()
    if _begun_to_erase(services, download):
        # Some of what was read last may have been gone.
        _destroy(services, claim, download)
        return None
    return _finish(services, shelf, download, {"rows": rows, "files": files, "bytes": shelf.size})


def _begin(services: Services, claim: Claim) -> Seal:
    """Clear away what somebody else has begun; answer the seal for what is made now."""
    wrapped, seal = services.vault.new_key(key_place(claim.subject))
    with services.store.begin() as session:
        tasks.extend(session, claim, services.clock(), services.settings.lease)
        old = DownloadChunk.download_id == claim.subject
        session.execute(delete(DownloadChunk).where(old))
        mine = update(Download).where(Download.id == claim.subject)
        session.execute(mine.values(key=wrapped, done=0, total=0))
    return seal


def _finish(
    services: Services, shelf: Shelf, download: Download, counts: dict[str, int]
) -> datetime:
    now = services.clock()
    with shelf.holding() as session:
        mine = update(Download).where(Download.id == download.id)
        ready = {"state": Stage.READY, "size": counts["bytes"], "expires_at": now + KEPT}
        session.execute(mine.values(**ready))
        record(
            session,
            services.vault,
            at=now,
            journey_id=download.journey_id,
            kind=Kind.DOWNLOAD_MADE,
            actor=Actor.PORTAL,
            facts=counts,
        )
    return now + KEPT


def _begun_to_erase(services: Services, download: Download) -> bool:
    """What is ready was read in time; what is not never will be."""
    if download.state == Stage.READY:
        return False
    with services.store.begin() as session:
        return is_too_late(session, download.account_id)


def _destroy(services: Services, claim: Claim, download: Download) -> None:
    with services.store.begin() as session:
        tasks.extend(session, claim, services.clock(), services.settings.lease)
        downloads.destroy(session, download.account_id)
    # The write-ahead log still has the key; while others read it, the hourly forgetting empties it.
    with suppress(LogInUseError):
        empty_log(services.store.engine)
