"""What is to be done: messages, tasks, and what an operator has to look at."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId


class Message(Base):
    """One SMS to be sent; number and text are sealed, and wiped once it is decided.

    Where the number is asked for only when it is sent, both are empty until then.
    """

    __tablename__ = "message"
    # One of each kind for every event of a closure.
    __table_args__ = (Index("uq_message_event", "closure_id", "kind", "version", unique=True),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(8))
    closure_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """The closure it is about, if there is one."""
    version: Mapped[int | None]
    """That of the closure when it happened: its messages go out in this order."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, server_default="{}")
    """What its text will say of the event; nothing personal."""
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Not sent any more after this instant."""
    decided_at: Mapped[datetime | None]


_FAILED = text("attempts > 0")


class Task(Base):
    """Work that must not be lost: one row per kind and subject, due again rather than added."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_task_due_at", "due_at"),
        Index("ix_task_failed", "kind", sqlite_where=_FAILED, postgresql_where=_FAILED),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(32))
    due_at: Mapped[datetime]
    epoch: Mapped[int]
    """Goes up with every claim and every rescheduling: a fence against old holders."""
    lease_until: Mapped[datetime | None]
    rung_at: Mapped[datetime | None]
    attempts: Mapped[int]
    last_error: Mapped[str | None] = mapped_column(String(80))


_UNSEEN = text("acknowledged_at IS NULL")


class Alert(Base):
    """Something that an operator has to look at; one open row for each kind and subject."""

    __tablename__ = "alert"
    __table_args__ = (
        Index(
            "uq_alert_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_UNSEEN,
            postgresql_where=_UNSEEN,
        ),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(40))
    """A reference, or the name of a part of the portal; nothing personal."""
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    times: Mapped[int]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[str | None] = mapped_column(String(40))
