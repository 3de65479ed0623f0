"""Help cases, what is said in them, and the one that stands in for a code."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("sign_in", sa.Column("case_id", sa.String(length=32), nullable=True))
    for create in TABLES:
        create()


def downgrade() -> None:
    for create in reversed(TABLES):
        op.drop_table(create.__name__)
    op.drop_column("sign_in", "case_id")


def help_case() -> None:
    op.create_table(
        "help_case",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.String(length=16), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.LargeBinary(), nullable=True),
        sa.Column("account_digest", sa.String(length=64), nullable=True),
        sa.Column("outlives", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_help_case"),
        sa.UniqueConstraint("reference", name="uq_help_case_reference"),
    )
    op.create_index("ix_help_case_state_due_at", "help_case", ["state", "due_at"])
    op.create_index("ix_help_case_account_digest", "help_case", ["account_digest"])


def help_message() -> None:
    op.create_table(
        "help_message",
        sa.Column("id", _BIG_ID, autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"], ["help_case.id"], name="fk_help_message_case_id_help_case"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_help_message"),
    )
    op.create_index("ix_help_message_case_id", "help_message", ["case_id"])


def help_pass() -> None:
    op.create_table(
        "help_pass",
        sa.Column("case_id", sa.String(length=32), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("proposed_by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.Column("journey_id", sa.String(length=32), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_id"], ["help_case.id"], name="fk_help_pass_case_id_help_case"
        ),
        sa.PrimaryKeyConstraint("case_id", name="pk_help_pass"),
    )


_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TABLES = (help_case, help_message, help_pass)
