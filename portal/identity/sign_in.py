"""Browsers that have proved something: opaque tokens, kept as hashes (ASVS 7.2, 7.3, 7.4).

The row decides, the cookie only carries its name: an ended sign-in is dead at once. One that
came by code stands for an account; one that came by a private link may only look at a closure,
one that came by the secret of a help case at that case. A help case may also stand in for the
code: such a sign-in has both the account and the case.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.store.tables import SignIn
from portal.store.vault import token_hash

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
FRESH = timedelta(minutes=15)
_SEEN_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32


@dataclass(frozen=True)
class Visitor:
    """Who a token stands for: an account, or who may look at one closure or one help case."""

    token_hash: str
    account_id: str | None
    closure_id: str | None
    verified_at: datetime
    """When the code was answered, or the link opened."""
    case_id: str | None = None
    """The help case that may be seen; with an account, the one that stood in for the code."""

    @property
    def by_code(self) -> bool:
        """Whether the account's owner gave a code: nothing stood in for it."""
        return self.account_id is not None and self.case_id is None


def open_account(
    session: Session,
    account_id: str,
    now: datetime,
    *,
    instead_of: str | None = None,
    case_id: str | None = None,
) -> str:
    """A new token for whoever has just answered a code of this account.

    ``instead_of`` is the token hash of the sign-in this browser had: it ends (ASVS 7.2.4).
    ``case_id`` is the help case that stood in for the code.
    """
    return _open(session, now, instead_of, account_id=account_id, case_id=case_id)


def open_link(
    session: Session, closure_id: str, now: datetime, *, instead_of: str | None = None
) -> str:
    """A new token for whoever has just opened the private link of this closure."""
    return _open(session, now, instead_of, closure_id=closure_id)


def open_case(
    session: Session, case_id: str, now: datetime, *, instead_of: str | None = None
) -> str:
    """A new token for whoever has just given the secret of this help case."""
    return _open(session, now, instead_of, case_id=case_id)


def look_up(session: Session, token: str, now: datetime) -> Visitor | None:
    """Whom the token stands for; None when unknown, ended, idle for 30 minutes or 12 hours old."""
    row = session.get(SignIn, token_hash(token))
    if row is None or now - row.seen_at >= IDLE or now - row.created_at >= ABSOLUTE:
        return None
    if now - row.seen_at >= _SEEN_EVERY:
        seen = update(SignIn).where(SignIn.token_hash == row.token_hash).values(seen_at=now)
        session.execute(seen)
    return Visitor(row.token_hash, row.account_id, row.closure_id, row.created_at, row.case_id)


def fresh(visitor: Visitor, now: datetime) -> bool:
    """Whether a code was answered within 15 minutes (ASVS 7.5.3); a link proves too little, and
    where a help case stood in for the code there was none."""
    return visitor.by_code and now - visitor.verified_at <= FRESH


def end(session: Session, ended: str) -> None:
    """End the sign-in with this token hash, if it still lives."""
    session.execute(delete(SignIn).where(SignIn.token_hash == ended))


def end_all_of(session: Session, account_id: str, closure_id: str | None) -> None:
    """End every sign-in of this account, in all browsers (ASVS 7.4.2).

    What remains is what the private link gives: a look at this closure, by whoever was watching.
    """
    mine = update(SignIn).where(SignIn.account_id == account_id)
    session.execute(mine.values(account_id=None, closure_id=closure_id))


def prune(session: Session, now: datetime) -> None:
    """Delete the sign-ins that are over by age."""
    session.execute(delete(SignIn).where(SignIn.created_at <= now - ABSOLUTE))


def _open(
    session: Session,
    now: datetime,
    instead_of: str | None,
    *,
    account_id: str | None = None,
    closure_id: str | None = None,
    case_id: str | None = None,
) -> str:
    if instead_of is not None:
        end(session, instead_of)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        SignIn(
            token_hash=token_hash(token),
            account_id=account_id,
            closure_id=closure_id,
            case_id=case_id,
            created_at=now,
            seen_at=now,
        )
    )
    return token
