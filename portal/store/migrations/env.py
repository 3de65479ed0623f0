"""How Alembic runs a migration: over the connection it is given (see ``portal.store.migrate``)."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from portal.store import tables
from portal.store.base import Instant


def frozen_type(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """A migration never changes, so it names the database's types, not the models' own."""
    return "sa.BigInteger()" if kind == "type" and isinstance(value, Instant) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.Task.metadata,
    render_as_batch=True,
    render_item=frozen_type,
)
context.run_migrations()
