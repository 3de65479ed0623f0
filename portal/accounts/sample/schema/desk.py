"""What the platform and its people tell each other: complaints and inbox."""

from sqlalchemy import Column, String, Table

from portal.accounts.sample.schema import base

complaint = Table(
    "complaint",
    base.metadata,
    base.number(),
    Column("number", String(24), unique=True, nullable=False),
    base.identity("complainant_id"),
    base.identity("respondent_id"),
    base.text("subject", 60, nullable=False),
    base.text("statement", 500),
    base.text("answer", 500),
    base.instant("opened_at"),
    base.instant("settled_at", nullable=True),
)

inbox_message = Table(
    "inbox_message",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.text("title", 60),
    base.text("body", 500),
    base.instant("sent_at"),
    base.instant("read_at", nullable=True),
)
