"""What outlives the account: the ledger, its keys and heads, the receipts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId


class DataKey(Base):
    """A key of its own for one journey and purpose; deleting the row destroys what it sealed."""

    __tablename__ = "data_key"

    journey_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    dies_at: Mapped[datetime | None] = mapped_column(index=True)
    """When its term is over; None for a key that dies with the closing."""


class Event(Base):
    """One line of the ledger. Rows are only ever added: triggers refuse the rest."""

    __tablename__ = "event"

    seq: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    at: Mapped[datetime]
    journey_id: Mapped[str] = mapped_column(String(32), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    actor: Mapped[str] = mapped_column(String(40))
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed with the evidence key: who, consent, verification."""
    business: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed with the business key, which dies at the closing."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Nothing personal: states, counts, digests, instants."""
    hash: Mapped[str] = mapped_column(String(64))


class Anchor(Base):
    """A signed head of the ledger: the root over the events since the head before it.

    The witness folder holds the same heads, out of reach of whoever can change this database.
    """

    __tablename__ = "anchor"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    first_seq: Mapped[int] = mapped_column(BigId)
    last_seq: Mapped[int] = mapped_column(BigId, index=True)
    """Less than ``first_seq`` where the head says that a backup was restored, and covers none."""
    head: Mapped[bytes] = mapped_column(LargeBinary)
    """The signed head itself, as its line in the witness folder."""


class Receipt(Base):
    """What a person can show others: a signed text about one closure, nothing personal in it."""

    __tablename__ = "receipt"

    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Canonical JSON; its digest is in the ledger."""
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    event_id: Mapped[str] = mapped_column(String(32))
