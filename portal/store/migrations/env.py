"""How Alembic runs a migration: over the connection it is given (see ``portal.store.migrate``)."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
