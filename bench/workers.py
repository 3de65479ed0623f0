"""Two workers against one, by the processor time a worker spends on the same number of erasures.

Real processes, a real Valkey and PostgreSQL for both databases. What another machine would add is
its processor; so what counts is whether each of two workers has about half the work left, and not
how fast two of them are on the processors that this machine happens to have free.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from rq import Worker
from sqlalchemy import delete, func, select

from bench.crowd import crowd
from bench.world import Silence
from portal.clock import system_clock
from portal.closure.lifecycle import State
from portal.jobs.queue import RedisBell, connect
from portal.services import Services
from portal.settings import ROOT, Settings
from portal.store.engine import make_engine
from portal.store.migrate import upgrade
from portal.store.tables import Closure, LimitHit, Task
from portal.store.tasks import Kind
from portal.wiring import build
from tests.chaos.crowd import move_in
from tests.closure.journeys import walked
from tests.fakes import FakeGateway
from tests.services import Postgres, postgres_programs, valkey
from tests.work import work

ERASURES, WARMING = 160, 16
_PEOPLE = 2 * ERASURES + 3 * WARMING
EARLIER = timedelta(hours=109)
_TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> list[str]:
    programs = postgres_programs()
    if programs is None:
        return ["two workers: not measured, PostgreSQL is not installed"]
    with ExitStack() as stack:
        server = stack.enter_context(Postgres.started(programs))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        environment = {
            "PORTAL_DATABASE_URL": server.url(server.create()),
            "PORTAL_ACCOUNTS_URL": server.url(server.create()),
            "PORTAL_ACCOUNTS_FILES": f"{folder}/files",
            "PORTAL_SMS_OUTBOX": f"{folder}/sms.jsonl",
            "PORTAL_WITNESS": f"{folder}/witness",
            "PORTAL_REDIS_URL": stack.enter_context(valkey()),
        }
        services = _portal(environment)
        (one,) = _spent(services, environment, workers=1)
        two = _spent(services, environment, workers=2)
        services.store.engine.dispose()
    shares = " and ".join(f"{seconds:.1f}" for seconds in two)
    return [
        (
            f"two workers: {one / max(two):.2f} x one, by processor time for {ERASURES} erasures"
            f" on PostgreSQL ({one:.1f} s alone; {shares} s together;"
            f" {60 * ERASURES / one:.0f} erasures a minute of one worker's processor)"
        )
    ]


def _portal(environment: dict[str, str]) -> Services:
    """Migrated, with enough people beside the sample ones; its clock goes behind, so that what
    they submit now is due."""
    services = build(Settings.from_env(environment), lambda: system_clock() - EARLIER)
    upgrade(services.store.engine)
    accounts = make_engine(environment["PORTAL_ACCOUNTS_URL"])
    move_in(accounts, services.settings.accounts_files, crowd(_PEOPLE), services.clock())
    accounts.dispose()
    return replace(services, gateway=FakeGateway(), bell=Silence())


def _spent(services: Services, environment: dict[str, str], workers: int) -> list[float]:
    """Seconds of processor time that each of so many workers spends on the erasures."""
    with _running(services, environment, workers) as processes:
        _erase(services, WARMING * workers)
        before = [_processor(process) for process in processes]
        _erase(services, ERASURES)
        after = [_processor(process) for process in processes]
    return [late - early for early, late in zip(before, after, strict=True)]


@contextmanager
def _running(
    services: Services, environment: dict[str, str], workers: int
) -> Iterator[list["subprocess.Popen[bytes]"]]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "worker"]
    env = os.environ | environment
    processes = [subprocess.Popen(command, cwd=ROOT, env=env) for _ in range(workers)]
    try:
        with connect(services.settings.redis_url) as redis:
            _wait(lambda: Worker.count(redis) == workers or _ended(processes))
        assert not _ended(processes)
        yield processes
    finally:
        for process in processes:
            process.terminate()
            process.wait()


def _ended(processes: list["subprocess.Popen[bytes]"]) -> bool:
    return any(process.poll() is not None for process in processes)


def _erase(services: Services, number: int) -> None:
    """Let so many more people submit, ring for their erasures, and wait until all are closed."""
    with services.store.begin() as session:
        before = session.scalar(select(func.count()).select_from(Closure)) or 0
    for person in crowd(_PEOPLE)[before : before + number]:
        with services.store.begin() as session:
            session.execute(delete(LimitHit))  # they all come from one address
        walked(services, person).submit(services)
    work(services)
    with services.store.begin() as session:
        ids = session.scalars(select(Task.id).where(Task.kind == Kind.ERASE)).all()
    assert len(ids) == number
    with connect(services.settings.redis_url) as redis:
        RedisBell(redis).ring(*ids)
    _wait(lambda: _closed(services) == before + number)


def _closed(services: Services) -> int:
    with services.store.begin() as session:
        closed = select(func.count()).where(Closure.state == State.CLOSED)
        return session.scalar(closed) or 0


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def _processor(process: "subprocess.Popen[bytes]") -> float:
    """What /proc tells: seconds in the program and in the kernel for it."""
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS
