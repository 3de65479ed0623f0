"""Making tables when several processes start at the same moment."""

from sqlalchemy import Connection, text

_LOCK = 0x7A6C6164  # any number that nothing else in this database locks


def one_at_a_time(connection: Connection) -> None:
    """Wait until no other process is in such a transaction; lasts until this one ends.

    SQLite's transactions come one at a time as they are (BEGIN IMMEDIATE, see ``make_engine``).
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
