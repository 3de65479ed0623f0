"""The link sent to the owner of a number whose codes somebody guesses at: it stops one closure."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.store.tables import StopLink
from portal.store.vault import token_hash

LIFE = timedelta(hours=72)
_TOKEN_BYTES = 16


def make(session: Session, account_id: str, now: datetime) -> str:
    """A new 128-bit token for ``/stop/<token>``; only its hash is kept."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    link = StopLink(token_hash=token_hash(token), account_id=account_id, created_at=now)
    session.add(link)
    return token


def find(session: Session, token: str, now: datetime) -> StopLink | None:
    """The link of this token while it lives, used or not."""
    link = session.get(StopLink, token_hash(token))
    return link if link and link.created_at > now - LIFE else None


def use(session: Session, link: StopLink, now: datetime) -> bool:
    """Whether it was this call that used the link."""
    unused = update(StopLink).where(
        StopLink.token_hash == link.token_hash, StopLink.used_at.is_(None)
    )
    return session.scalar(unused.values(used_at=now).returning(StopLink.token_hash)) is not None


def forget(session: Session, account_id: str) -> None:
    """Nothing names an account that is closed."""
    session.execute(delete(StopLink).where(StopLink.account_id == account_id))


def prune(session: Session, now: datetime) -> None:
    """Delete the links that are too old."""
    session.execute(delete(StopLink).where(StopLink.created_at <= now - LIFE))
