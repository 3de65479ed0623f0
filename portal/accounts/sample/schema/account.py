"""The account itself: who it is, how one signs in, what stands against it."""

from sqlalchemy import Boolean, CheckConstraint, Column, Integer, String, Table

from portal.accounts.sample.schema import base

OFFICIAL_CHANNELS = ("app", "web", "mini_program")
"""Where one can register by oneself (一.2.1); other channels are imports and partners."""

ACTIVE = "active"
FROZEN = "frozen"

account = Table(
    "account",
    base.metadata,
    base.opaque(),
    Column("login_name", String(64), unique=True, nullable=False),
    Column("phone", String(20), unique=True),
    Column("mail", String(120), unique=True),
    base.text("name"),
    base.text("password_hash", 200),
    Column("can_sign_in", Boolean, nullable=False),
    base.text("channel", 20, nullable=False),
    base.instant("registered_at", nullable=True),
    base.instant("closed_at", nullable=True),
)

identity = Table(
    "identity",
    base.metadata,
    base.opaque(),
    base.account(nullable=False),
    base.text("role", 20, nullable=False),
    base.other("company_id", "company"),
    base.text("display_name"),
    base.text("title"),
    base.text("status", 20, nullable=False),
    Column("findable", Boolean, nullable=False),
    base.instant("created_at"),
)
"""``findable`` is the person's own choice; search shows active identities that are findable."""

session = Table(
    "session",
    base.metadata,
    base.number(),
    base.identity(nullable=False),
    base.text("token_hash", 64, nullable=False),
    base.text("device"),
    base.text("ip", 45),
    base.instant("began_at"),
    base.instant("ended_at", nullable=True),
)
"""A signed-in device of the product; one always acts as one identity."""

freeze = Table(
    "freeze",
    base.metadata,
    base.number(),
    base.account(),
    base.identity(),
    Column("owner", String(40), nullable=False, index=True),
    base.text("reason", 120),
    base.instant("since"),
    base.instant("lifted_at", nullable=True),
    CheckConstraint("(account_id IS NULL) <> (identity_id IS NULL)", name="one_target"),
)
"""Of a whole account or of one identity. Only its owner lifts it: dispute, penalty, closure:…"""

third_party_binding = Table(
    "third_party_binding",
    base.metadata,
    base.number(),
    base.account(nullable=False),
    base.text("service", 40, nullable=False),
    base.text("subject", 64),
    base.text("nickname"),
    base.instant("bound_at"),
)

stored_file = Table(
    "stored_file",
    base.metadata,
    base.number(),
    base.account(),
    base.identity(),
    base.text("kind", 20, nullable=False),
    Column("path", String(200), unique=True, nullable=False),
    Column("size", Integer, nullable=False),
    base.instant("uploaded_at"),
    CheckConstraint("(account_id IS NULL) <> (identity_id IS NULL)", name="one_owner"),
)
"""Avatars are the account's, attachments an identity's; ``path`` is relative to the files' root."""

security_event = Table(
    "security_event",
    base.metadata,
    base.number(),
    base.account(nullable=False),
    base.text("what", 60, nullable=False),
    Column("suspicious", Boolean, nullable=False),
    base.text("ip", 45),
    base.text("device"),
    base.instant("at"),
)

penalty = Table(
    "penalty",
    base.metadata,
    base.number(),
    base.account(),
    base.identity(),
    base.text("what", 60, nullable=False),
    base.instant("since"),
    base.instant("settled_at", nullable=True),
    CheckConstraint("account_id IS NULL OR identity_id IS NULL", name="one_target"),
)
"""A restriction or other sanction; those that freeze are rows of ``freeze`` as well."""
