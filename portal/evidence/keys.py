"""Two keys a journey: what they sealed dies with them, while the ledger's hashes stay valid.

Business facts die at the closing; who, consent and verification after the evidence term
(PIPL 19: no longer than needed; PIPL 73: a kept key would leave the data personal).
"""

from enum import StrEnum

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.store.tables import DataKey
from portal.store.vault import Seal, Vault


class Purpose(StrEnum):
    EVIDENCE = "evidence"
    BUSINESS = "business"


class KeyDestroyedError(Exception):
    """What this key sealed can't be read any more."""


def create(session: Session, vault: Vault, journey_id: str) -> None:
    """Make both keys of a new journey."""
    for purpose in Purpose:
        wrapped, _ = vault.new_key(_place(journey_id, purpose))
        session.add(DataKey(journey_id=journey_id, purpose=purpose, wrapped=wrapped))
    session.flush()


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
