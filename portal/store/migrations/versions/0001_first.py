"""The first schema: every table of the portal, and a ledger that is only ever added to."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

REFUSE_ON_SQLITE = """\
CREATE TRIGGER event_{name} BEFORE {what}
BEGIN SELECT RAISE(ABORT, 'event is append-only'); END"""

SQLITE = {
    "update": "UPDATE ON event",
    "delete": "DELETE ON event",
    # INSERT OR REPLACE deletes the older row without firing its delete trigger.
    "replace": (
        "INSERT ON event WHEN EXISTS (SELECT 1 FROM event WHERE seq = NEW.seq OR id = NEW.id)"
    ),
}

POSTGRESQL = (
    """\
CREATE FUNCTION event_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'event is append-only'; END $$""",
    """\
CREATE TRIGGER event_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_refuse()""",
)


def upgrade() -> None:
    for create in TABLES:
        create()
    if op.get_bind().dialect.name == "sqlite":
        for name, what in SQLITE.items():
            op.execute(REFUSE_ON_SQLITE.format(name=name, what=what))
    else:
        for statement in POSTGRESQL:
            op.execute(statement)


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION event_refuse()")


def challenge() -> None:
    op.create_table(
        "challenge",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("reserved", sa.Boolean(), nullable=False),
        sa.Column("code_mac", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_challenge"),
    )
    op.create_index("ix_challenge_number", "challenge", ["number"], unique=False)


def closure() -> None:
    op.create_table(
        "closure",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("journey_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("identity_ids", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("shared_jobs_too", sa.Boolean(), nullable=False),
        sa.Column("notice_version", sa.String(length=32), nullable=False),
        sa.Column("submitted_at", sa.BigInteger(), nullable=False),
        sa.Column("erase_at", sa.BigInteger(), nullable=False),
        sa.Column("promise_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("hold_reason", sa.String(length=40), nullable=True),
        sa.Column("end_reason", sa.String(length=40), nullable=True),
        sa.Column("access_confirmed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closure"),
        sa.UniqueConstraint("journey_id", name="uq_closure_journey_id"),
        sa.UniqueConstraint("reference", name="uq_closure_reference"),
    )
    op.create_index("ix_closure_account_id", "closure", ["account_id"], unique=False)
    op.create_index("ix_closure_state", "closure", ["state"], unique=False)
    op.create_index(
        "uq_closure_open",
        "closure",
        ["account_id"],
        unique=True,
        sqlite_where=sa.text("state IN ('pending', 'held', 'erasing')"),
        postgresql_where=sa.text("state IN ('pending', 'held', 'erasing')"),
    )


def data_key() -> None:
    op.create_table(
        "data_key",
        sa.Column("journey_id", sa.String(length=32), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("journey_id", "purpose", name="pk_data_key"),
    )


def event() -> None:
    op.create_table(
        "event",
        sa.Column(
            "seq",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("journey_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("evidence", sa.LargeBinary(), nullable=True),
        sa.Column("business", sa.LargeBinary(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_event"),
        sa.UniqueConstraint("id", name="uq_event_id"),
    )
    op.create_index("ix_event_journey_id", "event", ["journey_id"], unique=False)


def journey() -> None:
    op.create_table(
        "journey",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.String(length=32), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("fragment_sha256", sa.String(length=64), nullable=False),
        sa.Column("bold_ids", sa.JSON(), nullable=False),
        sa.Column("box_wording", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("shown_at", sa.BigInteger(), nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("side", sa.String(length=64), nullable=True),
        sa.Column("confirmed", sa.LargeBinary(), nullable=True),
        sa.Column("consequences", sa.LargeBinary(), nullable=True),
        sa.Column("submitted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_journey"),
        sa.UniqueConstraint("token_hash", name="uq_journey_token_hash"),
    )
    op.create_index("ix_journey_account_id", "journey", ["account_id"], unique=False)


def limit_bucket() -> None:
    op.create_table(
        "limit_bucket",
        sa.Column("name", sa.String(length=128), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_limit_bucket"),
    )


def limit_hit() -> None:
    op.create_table(
        "limit_hit",
        sa.Column(
            "id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
        ),
        sa.Column("bucket", sa.String(length=128), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_limit_hit"),
    )
    op.create_index("ix_limit_hit_bucket_at", "limit_hit", ["bucket", "at"], unique=False)


def message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("phone", sa.LargeBinary(), nullable=True),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
    )


def sign_in() -> None:
    op.create_table(
        "sign_in",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=True),
        sa.Column("closure_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_account_id", "sign_in", ["account_id"], unique=False)
    op.create_index("ix_sign_in_closure_id", "sign_in", ["closure_id"], unique=False)


def task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("lease_until", sa.BigInteger(), nullable=True),
        sa.Column("rung_at", sa.BigInteger(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("kind", "subject", name="uq_task_kind_subject"),
    )
    op.create_index("ix_task_due_at", "task", ["due_at"], unique=False)


def erasure_step() -> None:
    op.create_table(
        "erasure_step",
        sa.Column("closure_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("category", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name="fk_erasure_step_closure_id_closure"
        ),
        sa.PrimaryKeyConstraint("closure_id", "position", name="pk_erasure_step"),
    )


def private_link() -> None:
    op.create_table(
        "private_link",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("closure_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name="fk_private_link_closure_id_closure"
        ),
        sa.PrimaryKeyConstraint("token_hash", name="pk_private_link"),
    )
    op.create_index("ix_private_link_closure_id", "private_link", ["closure_id"], unique=False)


TABLES = (
    challenge,
    closure,
    data_key,
    event,
    journey,
    limit_bucket,
    limit_hit,
    message,
    sign_in,
    task,
    erasure_step,
    private_link,
)
