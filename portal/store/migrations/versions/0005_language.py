"""The language that the messages about a closure are in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    language = sa.Column("language", sa.String(8), server_default="zh-Hans", nullable=False)
    op.add_column("closure", language)


def downgrade() -> None:
    op.drop_column("closure", "language")
