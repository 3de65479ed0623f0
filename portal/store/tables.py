"""The portal's own tables.

What a closed closure keeps is its reference, times, version, counts and digests; everything that
names a person is sealed, and goes when the closure closes or the row's own term ends.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId


class Journey(Base):
    """One person's walk from consent to submission; a draft until a code binds it."""

    __tablename__ = "journey"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    # Consent: what was shown and what was agreed to.
    version: Mapped[str] = mapped_column(String(32))
    source_sha256: Mapped[str] = mapped_column(String(64))
    fragment_sha256: Mapped[str] = mapped_column(String(64))
    bold_ids: Mapped[list[str]] = mapped_column(JSON)
    box_wording: Mapped[str] = mapped_column(String(200))
    language: Mapped[str] = mapped_column(String(8))
    shown_at: Mapped[datetime]
    accepted_at: Mapped[datetime]
    # Bound by the code.
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    side: Mapped[str | None] = mapped_column(String(64))
    confirmed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the conditions' facts and the assets the person confirmed (step 3)."""
    consequences: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed: the snapshot of the consequences that was shown (step 4)."""
    submitted_at: Mapped[datetime | None]


class DataKey(Base):
    """A key of its own for one journey and purpose; deleting the row destroys what it sealed."""

    __tablename__ = "data_key"

    journey_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16), primary_key=True)
    wrapped: Mapped[bytes] = mapped_column(LargeBinary)


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
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    reference: Mapped[str] = mapped_column(String(16), unique=True)
    journey_id: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[str] = mapped_column(String(16), index=True)
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
    end_reason: Mapped[str | None] = mapped_column(String(40))
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
    done_at: Mapped[datetime | None]


class PrivateLink(Base):
    """A link sent by SMS that lets its holder look at one closure; only its hash is kept."""

    __tablename__ = "private_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    closure_id: Mapped[str] = mapped_column(ForeignKey("closure.id"), index=True)
    created_at: Mapped[datetime]


class SignIn(Base):
    """A browser that may see something: as the account (by code) or one closure (by link)."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    closure_id: Mapped[str | None] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


class Challenge(Base):
    """One SMS code, kept only as an HMAC (ASVS 6.5, 6.6)."""

    __tablename__ = "challenge"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[str] = mapped_column(String(64), index=True)
    """Keyed digest of the phone number."""
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Sealed, for asking again and for the page's mask; wiped when the code is used."""
    account_id: Mapped[str | None] = mapped_column(String(64))
    """None for a number that nobody registered: no answer is right for it."""
    reserved: Mapped[bool]
    """Started by the owner of an open closure; strangers can neither lock nor replace it."""
    code_mac: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(8))
    tries: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class LimitBucket(Base):
    """A thing that is limited; touching its row makes concurrent takers queue up."""

    __tablename__ = "limit_bucket"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    touched_at: Mapped[datetime]


class LimitHit(Base):
    """One use of what a bucket limits."""

    __tablename__ = "limit_hit"
    __table_args__ = (Index("ix_limit_hit_bucket_at", "bucket", "at"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    bucket: Mapped[str] = mapped_column(String(128))
    at: Mapped[datetime]


class Message(Base):
    """One SMS to be sent; number and text are sealed, and wiped once it is decided."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    state: Mapped[str] = mapped_column(String(8))
    phone: Mapped[bytes | None] = mapped_column(LargeBinary)
    text: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """Not sent any more after this instant."""
    decided_at: Mapped[datetime | None]


class Task(Base):
    """Work that must not be lost: one row per kind and subject, due again rather than added."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("kind", "subject"),
        Index("ix_task_due_at", "due_at"),
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
