"""Somebody who asked for help: their case, what was said in it, and what it may stand in for."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId


class HelpCase(Base):
    """One case. It has a data key of its own; deleting the row destroys all that was written."""

    __tablename__ = "help_case"
    __table_args__ = (Index("ix_help_case_state_due_at", "state", "due_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(8))
    version: Mapped[int]
    """Goes up with every change; whoever acts on an older one loses."""
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    """By when it has to be answered; counts while it is open."""
    changed_at: Mapped[datetime]
    """When the last word was said, or the case ended."""
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)
    """The case's own data key."""
    details: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed with it: how to reach the person, what they told of their account."""
    account: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed with it: whose it is, where that was proved; emptied at the closing."""
    account_digest: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed: by it the closing of that account finds the case; emptied then."""
    number: Mapped[str | None] = mapped_column(String(64), index=True)
    """Keyed digest of the phone number that the person wrote, proved or not: by it the staff find
    the case when they ring. Emptied when the account with that number closes."""
    outlives: Mapped[bool]
    """Whether its account was closed before it ended; it is then kept for a short time only."""


class HelpMessage(Base):
    """What one side said."""

    __tablename__ = "help_message"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("help_case.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[str] = mapped_column(String(40))
    """As in the ledger: the person, or a member of staff."""
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class HelpPass(Base):
    """Two members of staff let a case stand in for the SMS code, once, for one journey."""

    __tablename__ = "help_pass"

    case_id: Mapped[str] = mapped_column(ForeignKey("help_case.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """With the case's key: the account, and what was compared."""
    proposed_by: Mapped[str] = mapped_column(String(40))
    approved_by: Mapped[str] = mapped_column(String(40))
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    journey_id: Mapped[str | None] = mapped_column(String(32))
    """The one journey it was used for."""
