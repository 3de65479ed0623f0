"""What every test may ask for: a clock, keys, and services of its own.

A test runs on SQLite; one that uses the fixture ``both_databases`` runs on PostgreSQL too.
"""

import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from portal.accounts.sample import DATAMAP
from portal.accounts.sample.people import settle
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.datamap import DataMap
from portal.evidence.witness import Witness
from portal.jobs.queue import RedisBell, connect
from portal.messages.texts import Texts
from portal.notice.register import Register
from portal.services import Services
from portal.settings import ROOT, Settings
from portal.store.engine import Store, make_engine
from portal.store.migrate import upgrade
from portal.store.vault import Vault
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.haste import Engines, haste
from tests.services import Postgres, postgres_programs, valkey


def pytest_configure() -> None:
    """Whoever runs the tests in the background may have Ctrl-C ignored: by them, and by every
    process that they start and stop with it."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def vault() -> Vault:
    return Vault(bytes(range(32)))


@pytest.fixture(scope="session")
def make_quick_engine() -> Engines:
    return Engines()


@pytest.fixture(scope="session", autouse=True)
def _haste() -> Iterator[None]:
    with haste():
        yield


@pytest.fixture(scope="session")
def known_notices() -> Register:
    """The notices that are in force."""
    return Register.load(Settings().notices)


@pytest.fixture(scope="session")
def datamap() -> DataMap:
    return DataMap.load(DATAMAP)


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    with valkey() as url:
        yield url


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server; skips the test where PostgreSQL is not installed."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here (Debian: apt-get install postgresql)")
    with Postgres.started(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def both_databases(request: pytest.FixtureRequest) -> str:
    """Runs the test once on each database."""
    return str(request.param)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """The database this test runs on: sqlite or postgresql."""
    both = "both_databases" in request.fixturenames
    return str(request.getfixturevalue("both_databases")) if both else "sqlite"


@pytest.fixture
def blank_database_url(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[], str]]:
    """Makes databases with nothing in them, for other schemas than the portal's."""
    numbers = count()
    with ExitStack() as dropping:

        def make() -> str:
            if database == "postgresql":
                server: Postgres = request.getfixturevalue("postgres")
                return dropping.enter_context(server.database())
            return f"sqlite:///{tmp_path}/blank{next(numbers)}.db"

        yield make


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "portal.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    name = postgres.create()
    _migrate(postgres.url(name))
    return name


def _migrate(url: str) -> None:
    engine = make_engine(url)
    upgrade(engine)
    engine.dispose()


@pytest.fixture
def database_url(database: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database of the portal."""
    if database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(request.getfixturevalue("postgres_template")) as url:
            yield url
    else:
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "portal.db")
        yield f"sqlite:///{tmp_path}/portal.db"


@pytest.fixture
def store(database_url: str, make_quick_engine: Engines) -> Iterator[Store]:
    engine = make_quick_engine(database_url)
    yield Store(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample people, settled once and copied for every test."""
    folder = tmp_path_factory.mktemp("sample")
    engine = make_engine(f"sqlite:///{folder}/accounts.db")
    settle(engine, folder / "files", FakeClock()())
    engine.dispose()
    return folder


@pytest.fixture
def accounts_folder(sample_template: Path, tmp_path: Path) -> Path:
    shutil.copytree(sample_template, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def accounts(
    accounts_folder: Path,
    clock: FakeClock,
    vault: Vault,
    datamap: DataMap,
    make_quick_engine: Engines,
) -> Iterator[SqlAccountSystem]:
    engine = make_quick_engine(f"sqlite:///{accounts_folder}/accounts.db")
    yield SqlAccountSystem(engine, datamap, accounts_folder / "files", clock, vault, 5000)
    engine.dispose()


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def services(
    store: Store,
    vault: Vault,
    clock: FakeClock,
    accounts: SqlAccountSystem,
    gateway: FakeGateway,
    known_notices: Register,
    valkey_url: str,
    tmp_path: Path,
) -> Iterator[Services]:
    """Everything real but the clock and the SMS gateway."""
    settings = Settings(redis_url=valkey_url, witness=tmp_path / "witness")
    redis = connect(valkey_url)
    yield Services(
        settings=settings,
        clock=clock,
        store=store,
        vault=vault,
        witness=Witness(settings.witness),
        notices=known_notices,
        accounts=accounts,
        gateway=gateway,
        texts=Texts(ROOT / "templates" / "sms", settings.host, settings.hotline),
        bell=RedisBell(redis),
    )
    redis.flushall()
    redis.close()


@pytest.fixture
def app(services: Services) -> Flask:
    return create_app(services.settings, services)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """A person's browser that also checks every page it is shown."""
    return Browser(app)
