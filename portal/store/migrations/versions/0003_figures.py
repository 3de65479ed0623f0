"""What the figures are read by, so that asking costs no scan of all there ever was."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_FAILED = sa.text("attempts > 0")


def upgrade() -> None:
    op.create_index("ix_closure_state_changed_at", "closure", ["state", "changed_at"])
    op.create_index("ix_erasure_step_done_at", "erasure_step", ["done_at"])
    op.create_index(
        "ix_task_failed", "task", ["kind"], sqlite_where=_FAILED, postgresql_where=_FAILED
    )


def downgrade() -> None:
    op.drop_index("ix_task_failed", "task")
    op.drop_index("ix_erasure_step_done_at", "erasure_step")
    op.drop_index("ix_closure_state_changed_at", "closure")
