"""Who is signed in, by which code, and the counts behind the limits."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base, BigId


class SignIn(Base):
    """A browser that may see something: an account (by code), a closure (by link), a help case."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str | None] = mapped_column(String(64), index=True)
    closure_id: Mapped[str | None] = mapped_column(String(32), index=True)
    case_id: Mapped[str | None] = mapped_column(String(32))
    """A help case: one that its secret lets the browser see, or that stood in for the code."""
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


class StopLink(Base):
    """A link to the owner of a number whose codes somebody guesses at; only its hash is kept."""

    __tablename__ = "stop_link"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime]


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
