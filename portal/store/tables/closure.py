"""The request, its erasure, and who may look at it."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId

_OPEN = text("state IN ('pending', 'held', 'erasing')")


class Closure(Base):
    """One request to close. Its state is changed by guarded UPDATEs only (closure.lifecycle)."""

    __tablename__ = "closure"
    __table_args__ = (
        # One open closure per account decides double submissions (notice 三.1; ASVS 2.3.4).
        Index(
            "uq_closure_open",
            "account_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_closure_state_promise_at", "state", "promise_at"),
        Index("ix_closure_state_changed_at", "state", "changed_at"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    journey_id: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(16))
    version: Mapped[int]
    """Goes up with every change; whoever acts on an older one loses."""
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    identity_ids: Mapped[list[str]] = mapped_column(JSON)
    whole: Mapped[bool]
    shared_jobs_too: Mapped[bool]
    """Whether jobs that others share go offline too, as the person was shown (二.3.2)."""
    notice_version: Mapped[str] = mapped_column(String(32))
    submitted_at: Mapped[datetime]
    erase_at: Mapped[datetime]
    promise_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    """When the present state began."""
    hold_reason: Mapped[str | None] = mapped_column(String(40))
    review_by: Mapped[datetime | None]
    """When a reviewer's hold has to have been looked at again."""
    end_reason: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(8), server_default="zh-Hans")
    """In which its messages are: the one that the notice was agreed to in."""
    access_confirmed: Mapped[bool]
    """Whether the account system has confirmed the access that the state demands."""


class ErasureStep(Base):
    """The portal's mirror of one step of the plan that the account system keeps."""

    __tablename__ = "erasure_step"

    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    category: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    planned: Mapped[int]
    done: Mapped[int | None]
    done_at: Mapped[datetime | None] = mapped_column(index=True)
    took_ms: Mapped[int | None]
    """How long the account system took for it, in milliseconds."""


class Farewell(Base):
    """What only the check and the last SMS still need of a person: the one row of its kind.

    Made at the move to erasing; in the transaction that closes it becomes an SMS in the outbox,
    which is wiped when it is decided, and after 24 hours at the latest.
    """

    __tablename__ = "farewell"

    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class PrivateLink(Base):
    """A link sent by SMS that lets its holder look at one closure; only its hash is kept."""

    __tablename__ = "private_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"), index=True)
    created_at: Mapped[datetime]


class Brake(Base):
    """One time that erasing was stopped for everybody, until an operator let it go on."""

    __tablename__ = "brake"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    cause: Mapped[str] = mapped_column(String(16))
    pulled_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None] = mapped_column(String(40))
