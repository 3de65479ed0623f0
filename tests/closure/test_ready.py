"""Ready means: database there, schema as this code needs it, and somebody does what is due."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command

from portal.closure.ready import failing
from portal.closure.sweep import sweep
from portal.services import Services
from portal.store import tasks
from portal.store.engine import Store, make_engine
from portal.store.migrate import config
from portal.store.tasks import Kind
from tests.fakes import FakeClock
from tests.work import work

pytestmark = pytest.mark.usefixtures("both_databases")


def put(services: Services, *subjects: str) -> list[str]:
    with services.store.begin() as session:
        now = services.clock()
        return [tasks.schedule(session, Kind.RETENTION, subject, now) for subject in subjects]


def failing_on(services: Services, url: str) -> list[str]:
    """What fails on another database than the test's own."""
    engine = make_engine(url)
    try:
        return failing(replace(services, store=Store(engine)))
    finally:
        engine.dispose()


def test_with_nothing_wrong_it_is_ready(services: Services) -> None:
    assert failing(services) == []


@pytest.fixture
def nowhere(database: str, tmp_path: Path) -> str:
    """The address of a database that can't be reached."""
    if database == "postgresql":
        return f"postgresql+psycopg://test@/nothing?host={tmp_path}"
    return f"sqlite:///{tmp_path}"


def test_a_database_out_of_reach_is_the_only_thing_named(services: Services, nowhere: str) -> None:
    assert failing_on(services, nowhere) == ["database"]


def test_a_database_without_tables_lacks_its_schema(
    services: Services, blank_database_url: Callable[[], str]
) -> None:
    assert failing_on(services, blank_database_url()) == ["schema", "work"]


def test_an_older_schema_is_not_good_enough(services: Services) -> None:
    with services.store.engine.begin() as connection:
        command.downgrade(config(connection), "-1")
    assert failing(services) == ["schema"]


def test_nor_is_a_newer_one(services: Services) -> None:
    with services.store.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert failing(services) == ["schema"]


def test_without_a_worker_due_work_gets_old(services: Services, clock: FakeClock) -> None:
    put(services, "a")
    clock.advance(minutes=5)
    sweep(services)
    assert failing(services) == []
    clock.advance(seconds=1)
    assert failing(services) == ["work"]
    work(services)
    assert failing(services) == []


def test_an_erasure_that_takes_long_is_in_good_hands(services: Services, clock: FakeClock) -> None:
    (task_id,) = put(services, "a")
    with services.store.begin() as session:
        clock.advance(minutes=4)
        tasks.claim(session, task_id, clock(), timedelta(hours=1))
    clock.advance(minutes=30)
    assert failing(services) == []


def test_downloads_that_queue_up_keep_nobody_out(services: Services, clock: FakeClock) -> None:
    with services.store.begin() as session:
        tasks.schedule(session, Kind.DOWNLOAD, "a", clock())
    clock.advance(minutes=6)
    assert failing(services) == []
