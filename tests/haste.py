"""What tests need not wait for.

Processes and connections end in tests, but no power is cut: nothing waits for the disk. And what
a process does once when it starts, thousands of tests would do again: with the same result.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, Inspector, event, text
from werkzeug.routing import Rule

from portal.accounts.sql import adapter
from portal.accounts.sql.datamap import DataMap
from portal.staffroom import credentials
from portal.store.engine import make_engine


def hurried(engine: Engine) -> Engine:
    """The same engine; SQLite leaves it to the system when its bytes reach the disk."""
    if engine.dialect.name == "sqlite":
        engine.dispose()
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    return engine


class Engines:
    """Makes hurried engines that share what SQLAlchemy has compiled."""

    def __init__(self) -> None:
        self._first: dict[str, Engine] = {}
        self._compiled: dict[Any, Any] = {}

    def __call__(self, url: str) -> Engine:
        engine = hurried(make_engine(url))
        first = self._first.setdefault(engine.dialect.name, engine)
        if first is engine:
            # A dialect learns at its first connection what the server can do.
            engine.connect().close()
        # A statement is compiled for a dialect, not for a database.
        engine.dialect = first.dialect
        engine.update_execution_options(compiled_cache=self._compiled)
        return engine


@contextmanager
def haste() -> Iterator[None]:
    """Inside the block all that is done in a hurry which no test asks for by itself."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials, "PasswordHasher", LightHasher)
        patch.setattr(Flask, "url_rule_class", KnownRule)
        patch.setattr(adapter, "problems", once_for_each_schema(adapter.problems))
        yield


class LightHasher(PasswordHasher):
    """Hashes passwords with a thousandth of the work."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)


class KnownRule(Rule):
    """Compiles each address once, however many applications have it."""

    _known: dict[object, Any] = {}  # noqa: RUF012 - one for all is the point

    def _compile_builder(self, append_unknown: bool = True) -> Any:
        key = (self.rule, str(self.defaults), tuple(self._trace), append_unknown)
        if key not in self._known:
            self._known[key] = super()._compile_builder(append_unknown)
        return self._known[key]


Problems = Callable[[DataMap, Inspector], list[str]]


def once_for_each_schema(problems: Problems) -> Problems:
    """Holds a map against the same tables once; on PostgreSQL every time."""
    known: dict[object, tuple[DataMap, list[str]]] = {}

    def remembered(datamap: DataMap, inspector: Inspector) -> list[str]:
        if inspector.dialect.name != "sqlite":
            return problems(datamap, inspector)
        with inspector._operation_context() as connection:
            schema = connection.execute(text("SELECT sql FROM sqlite_master")).all()
        key = (id(datamap), tuple(schema))
        if key not in known:
            # The map is kept, so that no other one gets its id.
            known[key] = (datamap, problems(datamap, inspector))
        return known[key][1]

    return remembered
