"""The link sent to the owner of a number whose codes somebody guesses at: it stops one closure."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
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


def account_of(session: Session, token: str, now: datetime) -> str | None:
    """Whose closure the link stops; None for one that nobody knows or that is too old."""
    link = session.get(StopLink, token_hash(token))
    return link.account_id if link and link.created_at > now - LIFE else None


def forget(session: Session, account_id: str) -> None:
    """Nothing names an account that is closed."""
    session.execute(delete(StopLink).where(StopLink.account_id == account_id))


def prune(session: Session, now: datetime) -> None:
    """Delete the links that are too old."""
    session.execute(delete(StopLink).where(StopLink.created_at <= now - LIFE))
