"""The walk from consent to submission."""

from datetime import datetime

from sqlalchemy import JSON, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.store.base import Base


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
