"""Brings the portal's database to the newest schema."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 0x7A6C6163  # any number that nothing else in this database locks


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Run what is missing, in one transaction: all of it or nothing.

    Safe when several processes start at once: the first one migrates, the others wait for it and
    find nothing to do. SQLite locks by BEGIN IMMEDIATE (see ``make_engine``), PostgreSQL by an
    advisory lock that ends with the transaction.
    """
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(config(connection), revision)


def is_newest(engine: Engine) -> bool:
    """Whether the database has the schema that this code was written for."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        return set(context.get_current_heads()) == set(_newest())


@cache
def _newest() -> list[str]:
    return ScriptDirectory(str(_SCRIPTS)).get_heads()


def config(connection: Connection) -> Config:
    """Alembic's configuration, for use over this connection."""
    made = Config()
    made.set_main_option("script_location", str(_SCRIPTS))
    made.attributes["connection"] = connection
    return made
