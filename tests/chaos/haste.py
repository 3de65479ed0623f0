"""Tests in which processes and connections end, but no power is cut, need not wait for the disk."""

from sqlalchemy import Engine, event


def hurried(engine: Engine) -> Engine:
    """The same engine; SQLite leaves it to the system when its bytes reach the disk."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    return engine
