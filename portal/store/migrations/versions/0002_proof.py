"""Proof that outlives the account: anchors, receipts, terms of keys; alerts and the brake."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

WRITING = """\
CREATE FUNCTION event_writing() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_advisory_xact_lock_shared(2053925217); RETURN NULL; END $$"""
"""Sequence numbers are given before the commit. A head takes this lock alone for the moment in
which it reads the highest one: no writer can still come with a lower one then. A trigger for the
statement runs before the number is given (evidence.anchor has the same key)."""

WRITING_TRIGGER = """\
CREATE TRIGGER event_writing BEFORE INSERT ON event
FOR EACH STATEMENT EXECUTE FUNCTION event_writing()"""


def upgrade() -> None:
    op.add_column("data_key", sa.Column("dies_at", sa.BigInteger(), nullable=True))
    op.create_index("ix_data_key_dies_at", "data_key", ["dies_at"])
    op.drop_index("ix_closure_state", "closure")
    op.create_index("ix_closure_state_promise_at", "closure", ["state", "promise_at"])
    op.add_column("erasure_step", sa.Column("took_ms", sa.Integer(), nullable=True))
    for create in TABLES:
        create()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(WRITING)
        op.execute(WRITING_TRIGGER)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER event_writing ON event")
        op.execute("DROP FUNCTION event_writing")
    for create in reversed(TABLES):
        op.drop_table(create.__name__)
    op.drop_column("erasure_step", "took_ms")
    op.drop_index("ix_closure_state_promise_at", "closure")
    op.create_index("ix_closure_state", "closure", ["state"])
    op.drop_index("ix_data_key_dies_at", "data_key")
    op.drop_column("data_key", "dies_at")


def anchor() -> None:
    op.create_table(
        "anchor",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("first_seq", _BIG_ID, nullable=False),
        sa.Column("last_seq", _BIG_ID, nullable=False),
        sa.Column("head", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_anchor"),
    )
    op.create_index("ix_anchor_last_seq", "anchor", ["last_seq"])


def farewell() -> None:
    op.create_table(
        "farewell",
        sa.Column("closure_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name="fk_farewell_closure_id_closure"
        ),
        sa.PrimaryKeyConstraint("closure_id", name="pk_farewell"),
    )


def receipt() -> None:
    op.create_table(
        "receipt",
        sa.Column("closure_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("event_id", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name="fk_receipt_closure_id_closure"
        ),
        sa.PrimaryKeyConstraint("closure_id", "kind", name="pk_receipt"),
    )


def brake() -> None:
    op.create_table(
        "brake",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("cause", sa.String(length=16), nullable=False),
        sa.Column("pulled_at", sa.BigInteger(), nullable=False),
        sa.Column("lifted_at", sa.BigInteger(), nullable=True),
        sa.Column("lifted_by", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_brake"),
    )


def alert() -> None:
    op.create_table(
        "alert",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("acknowledged_at", sa.BigInteger(), nullable=True),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_alert"),
    )
    op.create_index(
        "uq_alert_open",
        "alert",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("acknowledged_at IS NULL"),
        postgresql_where=sa.text("acknowledged_at IS NULL"),
    )


_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (anchor, farewell, receipt, brake, alert)
