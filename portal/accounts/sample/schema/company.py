"""Companies, their teams and their jobs."""

from sqlalchemy import Column, String, Table, UniqueConstraint

from portal.accounts.sample.schema import base

ONLINE = "online"

company = Table(
    "company",
    base.metadata,
    base.number(),
    base.text("name", 120, nullable=False),
    Column("licence_number", String(18), unique=True),
    base.text("city", 40),
    base.instant("created_at"),
)

membership = Table(
    "membership",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.other("company_id", "company", nullable=False),
    base.text("role", 20, nullable=False),
    base.instant("joined_at"),
)

job = Table(
    "job",
    base.metadata,
    base.number(),
    base.other("company_id", "company", nullable=False),
    base.identity("recruiter_id"),
    base.text("title", 60, nullable=False),
    base.text("description", 500),
    base.text("city", 40),
    base.phone("contact_phone"),
    base.text("status", 20, nullable=False),
    base.instant("published_at"),
    base.instant("offline_at", nullable=True),
)

job_collaborator = Table(
    "job_collaborator",
    base.metadata,
    base.number(),
    base.other("job_id", "job", nullable=False),
    base.identity(nullable=False),
    base.instant("since"),
    UniqueConstraint("job_id", "identity_id"),
)
"""Who else works on a job. A collaborator who takes the job over keeps the row."""
