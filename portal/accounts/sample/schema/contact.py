"""Rows of two people: what they wrote to, saw of and arranged with each other."""

from sqlalchemy import Table

from portal.accounts.sample.schema import base

chat_message = Table(
    "chat_message",
    base.metadata,
    base.number(),
    base.identity("sender_id"),
    base.identity("receiver_id"),
    base.other("job_id", "job"),
    base.text("text", 1000),
    base.instant("sent_at"),
    base.instant("read_at", nullable=True),
)

profile_view = Table(
    "profile_view",
    base.metadata,
    base.number(),
    base.identity("viewer_id"),
    base.identity("viewed_id"),
    base.instant("viewed_at"),
)

interview = Table(
    "interview",
    base.metadata,
    base.number(),
    base.identity("seeker_id"),
    base.identity("recruiter_id"),
    base.other("job_id", "job"),
    base.text("invitation", 500),
    base.text("reply", 500),
    base.text("candidate_name"),
    base.phone("candidate_phone"),
    base.text("contact_name"),
    base.phone("contact_phone"),
    base.text("place", 120),
    base.text("status", 20, nullable=False),
    base.instant("starts_at"),
)
