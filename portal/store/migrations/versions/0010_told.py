"""Which named successors were told by SMS."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "handover_told",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("closure_id", sa.String(length=32), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["closure_id"], ["closure.id"], name="fk_handover_told_closure_id_closure"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_handover_told"),
        sa.UniqueConstraint("closure_id", "to_id", name="uq_handover_told_closure_id_to_id"),
    )
    op.create_index("ix_handover_told_to_id", "handover_told", ["to_id"])


def downgrade() -> None:
    op.drop_table("handover_told")
