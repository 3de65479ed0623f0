"""What is owned, bought, owed and earned. Amounts in fen."""

from sqlalchemy import Column, Integer, String, Table

from portal.accounts.sample.schema import base

PROVIDED = "provided"
PAID = "paid"
ABANDONED = "abandoned"

entitlement = Table(
    "entitlement",
    base.metadata,
    base.number(),
    base.identity(),
    base.other("company_id", "company"),
    base.text("name", 40, nullable=False),
    Column("quantity", Integer, nullable=False),
    base.text("unit", 10, nullable=False),
    base.text("status", 20, nullable=False),
    base.instant("expires_at", nullable=True),
    base.instant("sealed_at", nullable=True),
)
"""Services, VIP days and coins. A recruiter's belong to a company, whose pool they fall into."""

points = Table(
    "points",
    base.metadata,
    base.number(),
    base.account(nullable=False),
    Column("amount", Integer, nullable=False),
    base.text("reason", 60),
    base.instant("earned_at"),
)

service_order = Table(
    "service_order",
    base.metadata,
    base.number(),
    Column("number", String(24), unique=True, nullable=False),
    base.account(nullable=False),
    base.identity(),
    base.text("what", 60, nullable=False),
    Column("fen", Integer, nullable=False),
    base.text("status", 20, nullable=False),
    base.text("buyer_name"),
    base.phone("buyer_phone"),
    base.instant("ordered_at"),
    base.instant("provided_at", nullable=True),
    base.instant("paid_at", nullable=True),
)

debt = Table(
    "debt",
    base.metadata,
    base.number(),
    base.account(nullable=False),
    base.text("what", 60, nullable=False),
    Column("fen", Integer, nullable=False),
    base.instant("since"),
    base.instant("settled_at", nullable=True),
)
