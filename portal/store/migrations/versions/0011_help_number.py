"""Help cases are found by the number that the person wrote. Those from before are not."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("help_case", sa.Column("number", sa.String(length=64), nullable=True))
    op.create_index("ix_help_case_number", "help_case", ["number"])


def downgrade() -> None:
    op.drop_index("ix_help_case_number", "help_case")
    op.drop_column("help_case", "number")
