"""What people take along of their data."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "download",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=64), nullable=False),
        sa.Column("journey_id", sa.String(length=32), nullable=False),
        sa.Column("identity_ids", sa.JSON(), nullable=False),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_download"),
        sa.UniqueConstraint("account_id", name="uq_download_account_id"),
    )
    op.create_table(
        "download_chunk",
        sa.Column("download_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["download_id"],
            ["download.id"],
            name="fk_download_chunk_download_id_download",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("download_id", "position", name="pk_download_chunk"),
    )


def downgrade() -> None:
    op.drop_table("download_chunk")
    op.drop_table("download")
