"""The download of an account: finding it, and destroying it with its key and its work."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.store import tasks
from portal.store.tables import Download
from portal.store.tasks import Kind


def of(session: Session, account_id: str) -> Download | None:
    return session.scalar(select(Download).where(Download.account_id == account_id))


def destroy(session: Session, account_id: str) -> None:
    """Whoever is making it loses the task; the pieces go with the row, which has their key."""
    mine = select(Download.id).where(Download.account_id == account_id)
    for download_id in session.scalars(mine):
        tasks.drop(session, (Kind.DOWNLOAD,), download_id)
    session.execute(delete(Download).where(Download.account_id == account_id))
