"""Here the account system lies on the same kind of database as the portal.

No power is cut here, only processes and connections: SQLite need not wait for the disk.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from portal.accounts.sample import DATAMAP
from portal.accounts.sample.people import settle
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.datamap import DataMap
from portal.services import Services
from portal.store.engine import Store, make_engine
from tests.cast import CLEAN_SEEKER
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.services import Postgres


@pytest.fixture(scope="session")
def sample_postgres(
    postgres: Postgres, sample_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """The name of a database with the sample people, copied for every test."""
    name = postgres.create()
    engine = make_engine(postgres.url(name))
    settle(engine, tmp_path_factory.mktemp("files"), FakeClock()())
    engine.dispose()
    return name


def hasty(url: str) -> Engine:
    """An engine as it is, but for the waiting."""
    engine = make_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda made, _: made.execute("PRAGMA synchronous=OFF"))
    return engine


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    engine = hasty(database_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture
def accounts(
    accounts_folder: Path, clock: FakeClock, database: str, request: pytest.FixtureRequest
) -> Iterator[SqlAccountSystem]:
    url = f"sqlite:///{accounts_folder}/accounts.db"
    if database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        url = server.url(server.create(request.getfixturevalue("sample_postgres")))
    engine = hasty(url)
    yield SqlAccountSystem(engine, DataMap.load(DATAMAP), accounts_folder / "files", clock)
    engine.dispose()


@pytest.fixture
def walk(browser: Browser, services: Services, gateway: FakeGateway) -> Walk:
    """A person with nothing in the way, in front of a browser."""
    return Walk(browser, services, gateway, CLEAN_SEEKER)
