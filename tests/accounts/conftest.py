"""The sample people, settled once per run and copied for each test."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.accounts.sample.people import settle
from portal.accounts.sql import bookkeeping
from portal.store.engine import make_engine
from tests.accounts.world import World
from tests.fakes import FakeClock
from tests.haste import Engines
from tests.services import Postgres


@pytest.fixture(scope="session")
def settled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sample people's ``accounts.db`` and their ``files``."""
    folder = tmp_path_factory.mktemp("settled")
    _settle(f"sqlite:///{folder}/accounts.db", folder / "files")
    return folder


@pytest.fixture(scope="session")
def settled_postgres(postgres: Postgres, settled: Path) -> str:
    """The name of a database with the same people."""
    name = postgres.create()
    _settle(postgres.url(name), settled / "files")
    return name


def _settle(url: str, files: Path) -> None:
    engine = make_engine(url)
    settle(engine, files, FakeClock()())
    with engine.begin() as connection:
        bookkeeping.create(connection)
    engine.dispose()


@pytest.fixture(scope="session")
def make_world(settled: Path, make_quick_engine: Engines) -> Callable[[Path], World]:
    """Moves the people into a folder (SQLite)."""

    def make(folder: Path) -> World:
        shutil.copytree(settled, folder, dirs_exist_ok=True)
        return World(
            make_quick_engine(f"sqlite:///{folder}/accounts.db"), folder / "files", FakeClock()
        )

    return make


@pytest.fixture
def world(
    database: str,
    make_world: Callable[[Path], World],
    tmp_path: Path,
    make_quick_engine: Engines,
    request: pytest.FixtureRequest,
) -> Iterator[World]:
    """The sample people, all there; on both databases where the test asks for both."""
    made = make_world(tmp_path)
    if database == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(request.getfixturevalue("settled_postgres")) as url:
            made = World(make_quick_engine(url), made.files, made.clock)
            yield made
            made.engine.dispose()
    else:
        yield made
        made.engine.dispose()
