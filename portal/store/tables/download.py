"""What a person takes along of their data: a sealed ZIP in pieces, for a few days."""

from datetime import datetime

from sqlalchemy import JSON, BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base


class Download(Base):
    """The one download an account has at a time; deleting the row destroys the key of its pieces.

    Every closing of the account deletes it, and the end of its term.
    """

    __tablename__ = "download"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    account_id: Mapped[str] = mapped_column(String(64), unique=True)
    journey_id: Mapped[str] = mapped_column(String(32))
    """The walk it belongs to, for the ledger."""
    identity_ids: Mapped[list[str]] = mapped_column(JSON)
    whole: Mapped[bool]
    language: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(8))
    done: Mapped[int]
    total: Mapped[int]
    """Of the work, while it is made; 0 until it is known."""
    size: Mapped[int] = mapped_column(BigInteger)
    """Bytes of the ZIP."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    key: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Its own key, wrapped; None until the making begins."""


class DownloadChunk(Base):
    """A piece of the ZIP, sealed with the download's key."""

    __tablename__ = "download_chunk"

    download_id: Mapped[str] = mapped_column(
        ForeignKey("download.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
