"""Who works at the staff console, and what two of them decide together."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base


class Staff(Base):
    """A member of staff. The row stays when they leave: the ledger goes on naming them by it."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    role: Mapped[str] = mapped_column(String(16))
    """Read anew for every request."""
    password: Mapped[str] = mapped_column(String(128))
    """Argon2id, with its parameters."""
    totp: Mapped[bytes] = mapped_column(LargeBinary)
    """Sealed: the secret of the authenticator."""
    totp_step: Mapped[int]
    """The last step whose code was used; it and older ones are not taken again."""
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RecoveryCode(Base):
    """One code that stands in for the authenticator, once; its row goes when it is used."""

    __tablename__ = "recovery_code"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)


class StaffSignIn(Base):
    """A browser in which a member of staff is signed in; never a person's."""

    __tablename__ = "staff_sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff_id: Mapped[str] = mapped_column(ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]


_OPEN = text("decided_at IS NULL")


class Proposal(Base):
    """What one member of staff may only do with a second one; one open row for each subject."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index(
            "uq_proposal_open",
            "kind",
            "subject",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    subject: Mapped[str] = mapped_column(String(64))
    """A closure's id, the digest of an account's, or the name of a part of the portal."""
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What exactly, and why; wiped when it is decided."""
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None]
    approved: Mapped[bool | None]


class Waiver(Base):
    """Two members of staff let an account's unsafe events up to an instant pass (一.2.5)."""

    __tablename__ = "waiver"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    until: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    """Why."""
    proposed_by: Mapped[str] = mapped_column(String(40))
    approved_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
