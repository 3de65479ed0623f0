"""What a recruiter who leaves has named successors for, and who was told of it (二.3.2)."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base


class HandoverOffer(Base):
    """One thing named for one colleague, who has not accepted yet.

    Once accepted it is a reservation in the account system, and the row goes.
    """

    __tablename__ = "handover_offer"
    __table_args__ = (UniqueConstraint("identity_id", "kind", "key"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    identity_id: Mapped[str] = mapped_column(String(64))
    """Who leaves it."""
    kind: Mapped[str] = mapped_column(String(16))
    key: Mapped[str] = mapped_column(String(64))
    quantity: Mapped[int]
    """How much of it there was when it was named."""
    to_id: Mapped[str] = mapped_column(String(64), index=True)
    at: Mapped[datetime]


class HandoverTold(Base):
    """A colleague who was told by SMS that a closure names them: once, however often it does."""

    __tablename__ = "handover_told"
    __table_args__ = (UniqueConstraint("closure_id", "to_id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    """What the message knows them by."""
    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"))
    to_id: Mapped[str] = mapped_column(String(64), index=True)
