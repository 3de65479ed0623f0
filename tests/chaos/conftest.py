"""Here the account system lies on the same kind of database as the portal."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from portal.accounts.sample.people import settle
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.datamap import DataMap
from portal.services import Services
from portal.store.engine import make_engine
from portal.store.vault import Vault
from tests.cast import CLEAN_SEEKER
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.haste import Engines
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


BITE = 40
"""So few rows that steps need several transactions."""


@pytest.fixture
def accounts(
    accounts_folder: Path,
    clock: FakeClock,
    vault: Vault,
    database: str,
    datamap: DataMap,
    make_quick_engine: Engines,
    request: pytest.FixtureRequest,
) -> Iterator[SqlAccountSystem]:
    with ExitStack() as stack:
        url = f"sqlite:///{accounts_folder}/accounts.db"
        if database == "postgresql":
            server: Postgres = request.getfixturevalue("postgres")
            sample: str = request.getfixturevalue("sample_postgres")
            url = stack.enter_context(server.database(sample))
        engine = make_quick_engine(url)
        yield SqlAccountSystem(engine, datamap, accounts_folder / "files", clock, vault, BITE)
        engine.dispose()


@pytest.fixture
def walk(browser: Browser, services: Services, gateway: FakeGateway) -> Walk:
    """A person with nothing in the way, in front of a browser."""
    return Walk(browser, services, gateway, CLEAN_SEEKER)
