"""Two keys a journey: what they sealed dies with them, while the ledger's hashes stay valid.

Business facts die at the closing; who, consent and verification after the evidence term
(PIPL 19: no longer than needed; PIPL 73: a kept key would leave the data personal).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from portal.store.tables import DataKey
from portal.store.vault import Seal, Vault


class Purpose(StrEnum):
    EVIDENCE = "evidence"
    BUSINESS = "business"


class KeyDestroyedError(Exception):
    """What this key sealed can't be read any more."""


def create(session: Session, vault: Vault, journey_id: str, until: datetime) -> None:
    """Make both keys of a new journey; the evidence key dies at ``until`` at the earliest."""
    for purpose in Purpose:
        wrapped, _ = vault.new_key(_place(journey_id, purpose))
        dies_at = until if purpose is Purpose.EVIDENCE else None
        key = DataKey(journey_id=journey_id, purpose=purpose, wrapped=wrapped, dies_at=dies_at)
        session.add(key)
    session.flush()


def prolong(session: Session, journey_id: str, until: datetime) -> None:
    """Let the evidence key live until then. A term is never made shorter, and a dead key stays
    dead."""
    mine = (DataKey.journey_id == journey_id, DataKey.purpose == Purpose.EVIDENCE)
    session.execute(update(DataKey).where(*mine, DataKey.dies_at < until).values(dies_at=until))


def let_die(session: Session, journey_id: str, until: datetime) -> None:
    """Give the business key of a journey that led to no closing a term, if it has none."""
    mine = (DataKey.journey_id == journey_id, DataKey.purpose == Purpose.BUSINESS)
    session.execute(update(DataKey).where(*mine, DataKey.dies_at.is_(None)).values(dies_at=until))


def expire(session: Session, now: datetime) -> int:
    """Destroy the keys whose term is over; answer how many."""
    over = delete(DataKey).where(DataKey.dies_at <= now).returning(DataKey.journey_id)
    return len(session.scalars(over).all())


def seal(session: Session, vault: Vault, journey_id: str, purpose: Purpose) -> Seal:
    """The journey's seal for this purpose. Raises KeyDestroyedError."""
    row = session.get(DataKey, (journey_id, purpose))
    if row is None:
        raise KeyDestroyedError(journey_id, purpose)
    return vault.unwrap(_place(journey_id, purpose), row.wrapped)


def destroy(session: Session, journey_id: str, *purposes: Purpose) -> None:
    """Make everything these keys sealed unreadable, for good."""
    session.execute(
        delete(DataKey).where(DataKey.journey_id == journey_id, DataKey.purpose.in_(purposes))
    )


def _place(journey_id: str, purpose: Purpose) -> str:
    return f"data_key:{journey_id}:{purpose}"
