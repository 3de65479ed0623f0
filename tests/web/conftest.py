"""Pages as people meet them: over HTTP, on real services that a test may switch off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from portal import create_app
from portal.accounts.sample.cast import Person
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.clock import SHANGHAI
from portal.notice.register import Register
from portal.services import Services
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.haste import Engines
from tests.notice.notices import DIRECTORY
from tests.people import Walk
from tests.web.outages import SwitchedAccounts, SwitchedStore

MakeApp = Callable[[Services], Flask]
MakeWalk = Callable[[Person], Walk]


@pytest.fixture(scope="session")
def make_app(tmp_path_factory: pytest.TempPathFactory) -> MakeApp:
    """Applications that share their compiled templates: compiling costs more than a page."""
    bytecode = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("bytecode")))

    def make(services: Services) -> Flask:
        app = create_app(services.settings, services)
        app.jinja_env.bytecode_cache = bytecode
        return app

    return make


@pytest.fixture
def store(database_url: str, make_quick_engine: Engines) -> Iterator[SwitchedStore]:
    engine = make_quick_engine(database_url)
    yield SwitchedStore(engine)
    engine.dispose()


@pytest.fixture
def accounts(accounts: SqlAccountSystem) -> SwitchedAccounts:
    return SwitchedAccounts(accounts)


@pytest.fixture
def services(services: Services, request: pytest.FixtureRequest) -> Services:
    """With ``two_versions`` a second version of the notice comes into force in a minute."""
    if "two_versions" not in request.fixturenames:
        return services
    return replace(services, notices=Register.load(DIRECTORY))


@pytest.fixture
def two_versions(clock: FakeClock) -> FakeClock:
    """The clock, a minute before 2026V1 takes over from 2025V1."""
    clock.at(datetime(2026, 5, 31, 23, 59, tzinfo=SHANGHAI))
    return clock


@pytest.fixture
def app(make_app: MakeApp, services: Services) -> Flask:
    return make_app(services)


@pytest.fixture
def walk(browser: Browser, services: Services, gateway: FakeGateway) -> MakeWalk:
    """Makes a person who walks in ``browser``."""
    return lambda person: Walk(browser, services, gateway, person)


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Another browser, which has proved nothing."""
    return Browser(app)
