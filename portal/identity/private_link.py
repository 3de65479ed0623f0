"""The link in the SMS: whoever holds it may look at one closure, also when it is closed."""

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from portal.store.tables import PrivateLink
from portal.store.vault import token_hash

_TOKEN_BYTES = 16


def make(session: Session, closure_id: str, now: datetime) -> str:
    """A new 128-bit token for ``/p/<token>``; only its hash is kept."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(PrivateLink(token_hash=token_hash(token), closure_id=closure_id, created_at=now))
    return token


def closure_of(session: Session, token: str) -> str | None:
    """The id of the closure that the token lets its holder see; None for an unknown one."""
    link = session.get(PrivateLink, token_hash(token))
    return None if link is None else link.closure_id
