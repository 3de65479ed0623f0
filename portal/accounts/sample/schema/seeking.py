"""What a person looks for, keeps and sends: résumés, applications, searches, marks."""

from sqlalchemy import Table

from portal.accounts.sample.schema import base

resume = Table(
    "resume",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.text("title"),
    base.text("full_name"),
    base.text("phone", 20),
    base.text("mail", 120),
    base.text("birth_month", 7),
    base.text("content", 2000),
    base.instant("updated_at"),
)

application = Table(
    "application",
    base.metadata,
    base.number(),
    base.identity("seeker_id"),
    base.identity("recruiter_id"),
    base.other("job_id", "job", nullable=False),
    base.other("company_id", "company", nullable=False),
    base.text("resume_copy", 2000),
    base.text("cover_letter", 500),
    base.text("recruiter_note", 500),
    base.text("status", 20, nullable=False),
    base.instant("applied_at"),
    base.instant("sealed_at", nullable=True),
)
"""A résumé sent to a job, and so received by its recruiter: a row of two people."""

search_record = Table(
    "search_record",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.text("words", 120),
    base.text("city", 40),
    base.instant("searched_at"),
)

follow = Table(
    "follow",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.other("company_id", "company", nullable=False),
    base.instant("followed_at"),
)

favourite = Table(
    "favourite",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.other("job_id", "job"),
    base.identity("candidate_id"),
    base.text("remark", 120),
    base.instant("marked_at"),
)
"""A seeker marks jobs, a recruiter candidates: then it is a row of two people."""
