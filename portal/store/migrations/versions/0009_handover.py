"""Named successors that have not accepted yet."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "handover_offer",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("identity_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_handover_offer"),
        sa.UniqueConstraint(
            "identity_id", "kind", "key", name="uq_handover_offer_identity_id_kind_key"
        ),
    )
    op.create_index("ix_handover_offer_account_id", "handover_offer", ["account_id"])
    op.create_index("ix_handover_offer_to_id", "handover_offer", ["to_id"])


def downgrade() -> None:
    op.drop_table("handover_offer")
