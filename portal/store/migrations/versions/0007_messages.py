"""Messages about the events of a closure, and links that stop what somebody else began."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("message", sa.Column("version", sa.Integer(), nullable=True))
    facts = sa.Column("facts", sa.JSON(), server_default="{}", nullable=False)
    op.add_column("message", facts)
    op.create_index("uq_message_event", "message", ["closure_id", "kind", "version"], unique=True)
    op.create_table(
        "stop_link",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("account_id", sa.String(64), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name="pk_stop_link"),
    )
    op.create_index("ix_stop_link_account_id", "stop_link", ["account_id"])


def downgrade() -> None:
    op.drop_table("stop_link")
    op.drop_index("uq_message_event", "message")
    for column in ("facts", "version"):
        op.drop_column("message", column)
