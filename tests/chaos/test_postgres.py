"""PostgreSQL going away in the middle, and connections that run out (SECURITY fault 17)."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from portal.closure.lifecycle import State
from portal.jobs.run import run_task
from portal.services import Services
from portal.store.engine import Store, make_engine
from portal.store.migrate import upgrade
from portal.store.tables import Closure
from tests import services as servers
from tests.cast import CLEAN_SEEKER
from tests.chaos.lives import DEEDS, due, erase_task, goes_to_its_end, is_closed_once
from tests.closure.faults import WatchedStore, quietly, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of
from tests.fakes import FakeClock
from tests.people import Walk
from tests.services import Postgres
from tests.web.rows import every_row, rows
from tests.work import work

postgresql = pytest.mark.parametrize("both_databases", ["postgresql"])


class CutsAt:
    """Ends every connection to the database at the ``number``-th commit (from 1), before it."""

    def __init__(self, engine: Engine, number: int) -> None:
        self._admin = make_engine(engine.url.render_as_string(hide_password=False))
        self._left = number

    def __call__(self, _: str) -> None:
        self._left -= 1
        if not self._left:
            with self._admin.begin() as connection:
                connection.execute(
                    text(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    )
                )

    @property
    def struck(self) -> bool:
        self._admin.dispose()
        return self._left <= 0


@postgresql
@pytest.mark.parametrize("name", DEEDS)
def test_a_connection_lost_before_any_commit_changes_nothing(
    both_databases: str, services: Services, name: str
) -> None:
    deed = DEEDS[name]
    life = deed.prepare(services)
    before = every_row(services)
    for number in count(1):
        cut = CutsAt(services.store.engine, number)
        with suppress(DBAPIError):
            deed.act(replace(life.services, store=WatchedStore(services.store, cut, quietly)), life)
        if not cut.struck:
            break
        assert every_row(services) == before
    assert number > 1
    assert life.state() == deed.state
    goes_to_its_end(life)


@postgresql
def test_an_erasure_whose_connection_is_cut_at_any_commit_is_finished_later(
    both_databases: str, services: Services, clock: FakeClock
) -> None:
    for number in count(1):
        life = due(services)
        task_id = erase_task(life)
        cut = CutsAt(services.store.engine, number)
        with suppress(DBAPIError):
            run_task(
                replace(life.services, store=WatchedStore(services.store, cut, quietly)), task_id
            )
        if cut.struck:
            clock.advance(minutes=1)
            run_task(life.services, task_id)
        is_closed_once(life)
        if not cut.struck:
            break
    assert number > 8


class Restartable:
    """A server of this test's own, which crashes and comes back."""

    def __init__(self, server: Postgres, programs: Path) -> None:
        self.server, self._programs = server, programs
        owner = servers._who_runs_servers()
        self._how = {"user": owner, "extra_groups": []} if owner else {}

    def crash_and_restart(self) -> None:
        """As after a power cut: no connection is ended in peace."""
        options = f"-k {self.server._folder} -c listen_addresses= -F"
        self._control("restart", "-m", "immediate", "-o", options, "-l", "/dev/null")

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def _control(self, *words: str) -> None:
        command = [str(self._programs / "pg_ctl"), "-D", f"{self.server._folder}/data", "-w"]
        subprocess.run(
            [*command, *words], check=True, stdout=subprocess.DEVNULL, cwd="/", **self._how
        )


@pytest.fixture
def restartable(postgres: Postgres) -> Iterator[Restartable]:
    programs = servers.postgres_programs()
    assert programs is not None
    with Postgres.started(programs) as server:
        made = Restartable(server, programs)
        yield made
        with suppress(subprocess.CalledProcessError):
            made.stop()


def test_a_server_that_crashes_during_an_erasure_loses_nothing(
    services: Services, clock: FakeClock, restartable: Restartable
) -> None:
    url = restartable.server.url(restartable.server.create())
    servers_own = make_engine(url)
    upgrade(servers_own)
    services = replace(services, store=Store(servers_own))
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    clock.at(closure.erase_at)
    (task,) = tasks_of(services, "erase", subject=closure.id)
    calls = count(1)

    def crash(method: str) -> None:
        if method == "apply" and next(calls) < 3:
            restartable.crash_and_restart()

    crashing = watched(services, quietly, crash)
    for _ in range(3):
        with suppress(DBAPIError):
            run_task(crashing, task.id)
        clock.advance(minutes=1)
    assert next(calls) > 3
    assert reload(services, closure).state == State.CLOSED
    told = [e.facts["step"] for e in events_of(services, closure) if e.kind == "erasure.step"]
    assert len(told) == len(set(told)) > 9
    servers_own.dispose()


@pytest.mark.usefixtures("both_databases")
def test_when_connections_run_out_the_page_says_so_and_nothing_is_lost(
    walk: Walk, services: Services
) -> None:
    walk.comes_to_confirm()
    form = walk.browser.page
    pool = services.store.engine.pool
    pool._timeout = 0.1
    with ExitStack() as taken:
        for _ in range(pool.size() + pool._max_overflow):
            taken.enter_context(services.store.engine.connect())
        walk.browser.send(agree="y")
        assert walk.browser.response.status_code == 503
        assert walk.browser.response.headers["Retry-After"] == "60"
    walk.browser.page = form
    walk.browser.send("/close/confirm", agree="y")
    assert walk.browser.path.startswith("/closures/ZX-")
    assert len(rows(services, Closure)) == 1
