"""SQLite at its limits: another writer, a full disk (SECURITY faults 14, 16)."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure.access import closing_scope
from portal.closure.lifecycle import State
from portal.jobs.run import run_task
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.chaos.lives import due, erase_task, is_closed_once
from tests.closure.journeys import reload, submitted, tasks_of
from tests.fakes import FakeClock
from tests.people import Walk
from tests.web.rows import every_row, rows
from tests.work import work


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Inside the block another process writes, and does not come to an end."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def impatient(engine: Engine) -> Iterator[None]:
    """Inside the block nobody waits ten seconds for a lock, as in production."""

    def hurry(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=100")

    event.listen(engine, "checkout", hurry)
    yield
    event.remove(engine, "checkout", hurry)


@contextmanager
def full_disk(engine: Engine) -> Iterator[None]:
    """Inside the block the database can't grow by a single page."""

    def fill(connection: sqlite3.Connection, *_: object) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    def free(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute("PRAGMA max_page_count=1073741823")

    event.listen(engine, "checkout", fill)
    yield
    event.remove(engine, "checkout", fill)
    event.listen(engine, "checkout", free)
    with engine.begin():
        pass
    event.remove(engine, "checkout", free)


def is_unavailable(walk: Walk) -> None:
    """A page that says what is safe, and when to come back."""
    assert walk.browser.response.status_code == 503
    assert walk.browser.response.headers["Retry-After"] == "60"


def test_a_submission_waits_for_another_writer(
    walk: Walk, services: Services, tmp_path: Path
) -> None:
    walk.comes_to_confirm()
    began = time.monotonic()
    with locked(tmp_path / "portal.db"):
        submitting = threading.Thread(target=walk.browser.send, kwargs={"agree": "y"})
        submitting.start()
        submitting.join(2)
        assert submitting.is_alive()
    submitting.join(20)
    assert walk.browser.path.startswith("/closures/ZX-")
    assert time.monotonic() - began >= 2
    assert len(rows(services, Closure)) == 1


def test_a_writer_that_never_ends_costs_a_503_and_nothing_is_lost(
    walk: Walk, services: Services, tmp_path: Path
) -> None:
    walk.comes_to_confirm()
    form = walk.browser.page
    before = every_row(services)
    with impatient(services.store.engine), locked(tmp_path / "portal.db"):
        walk.browser.send(agree="y")
    is_unavailable(walk)
    assert every_row(services) == before
    walk.browser.page = form
    walk.browser.send("/close/confirm", agree="y")
    assert walk.browser.path.startswith("/closures/ZX-")


@pytest.mark.parametrize("name", ["portal.db", "accounts.db"])
def test_a_worker_that_can_not_write_tries_again_later(
    services: Services, clock: FakeClock, tmp_path: Path, name: str
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    clock.at(closure.erase_at)
    (task,) = tasks_of(services, "erase", subject=closure.id)
    engine = services.store.engine if name == "portal.db" else services.accounts._engine
    with impatient(engine), locked(tmp_path / name), suppress(OperationalError):
        run_task(services, task.id)
    assert reload(services, closure).state != State.CLOSED
    clock.advance(minutes=1)
    work(services)
    assert reload(services, closure).state == State.CLOSED


def test_a_full_disk_costs_a_503_and_nothing_is_lost(walk: Walk, services: Services) -> None:
    walk.comes_to_confirm()
    form = walk.browser.page
    fill_up(services.store.engine)
    before = every_row(services)
    with full_disk(services.store.engine):
        walk.browser.send(agree="y")
    is_unavailable(walk)
    assert every_row(services) == before
    walk.browser.page = form
    walk.browser.send("/close/confirm", agree="y")
    assert walk.browser.path.startswith("/closures/ZX-")
    assert is_sound(services.store.engine)


def fill_up(engine: Engine) -> None:
    """Use the free pages and the room on the last pages, so that the next row needs a new one."""
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE ballast (content BLOB)"))
    with full_disk(engine), suppress(OperationalError), engine.connect() as connection:
        while True:
            with connection.begin():
                connection.execute(text("INSERT INTO ballast VALUES (zeroblob(2000))"))


def is_sound(engine: Engine) -> bool:
    with engine.begin() as connection:
        return connection.scalar(text("PRAGMA integrity_check")) == "ok"


def test_an_erasure_outlives_a_full_disk(services: Services, clock: FakeClock) -> None:
    life = due(services)
    task_id = erase_task(life)
    fill_up(services.store.engine)
    with full_disk(services.store.engine), suppress(OperationalError):
        run_task(life.services, task_id)
    assert life.state() != State.CLOSED
    clock.advance(minutes=1)
    run_task(life.services, task_id)
    is_closed_once(life)
    assert is_sound(services.store.engine)


def test_a_full_disk_upstream_is_no_answer_and_changes_nothing(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    engine = services.accounts._engine
    fill_up(engine)
    with full_disk(engine), pytest.raises(AccountSystemUnavailableError):
        plan_all(services, closure)
    work(services)
    services.clock.at(closure.erase_at)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert is_sound(engine)


def plan_all(services: Services, closure: Closure) -> None:
    """Bite by bite."""
    scope = closing_scope(closure)
    while services.accounts.plan(closure.reference, scope, 1, shared_jobs_too=False) is None:
        pass
