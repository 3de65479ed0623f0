"""A portal of its own for a figure, and a count of the SQL statements it makes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, Engine, event

from portal import create_app
from portal.services import Services
from portal.settings import Settings
from portal.store.migrate import upgrade
from portal.wiring import build
from tests.fakes import FakeClock, FakeGateway


class Silence:
    """A bell that nobody hears: the figure's own process does the work."""

    def ring(self, *_task_ids: str, **_: bool) -> bool:
        return False


@dataclass(frozen=True)
class World:
    app: Flask
    services: Services
    clock: FakeClock
    gateway: FakeGateway


@contextmanager
def world() -> Iterator[World]:
    """SQLite, the sample people, a clock to turn; gone at the end."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        settings = Settings(
            database_url=f"sqlite:///{folder}/portal.db",
            accounts_url=f"sqlite:///{folder}/accounts.db",
            accounts_files=folder / "files",
            sms_outbox=folder / "sms.jsonl",
            witness=folder / "witness",
        )
        clock, gateway = FakeClock(), FakeGateway()
        services = replace(build(settings, clock), gateway=gateway, bell=Silence())
        upgrade(services.store.engine)
        app = create_app(settings, services)
        yield World(app, services, clock, gateway)


class Statements:
    """How many SQL statements were made on this database since this was made."""

    def __init__(self, url: str) -> None:
        self.made = 0
        self._url = url
        event.listen(Engine, "before_cursor_execute", self._count)

    def _count(self, connection: Connection, *_: object) -> None:
        self.made += str(connection.engine.url) == self._url
