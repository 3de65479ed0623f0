"""``flask worker`` and ``flask dispatcher``: they do their work until they are told to stop."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import create_app
from portal.closure.sweep import sweep
from portal.services import Services
from portal.store.tables import Task
from tests.cast import COINS
from tests.closure.journeys import submitted
from tests.fakes import FakeGateway
from tests.work import due

PATIENCE = 20.0


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """The processes listen to signals; the tests after this one do so as before."""
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = {number: signal.getsignal(number) for number in numbers}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def stop_when(done: Callable[[], bool], number: signal.Signals) -> threading.Thread:
    """Signal this process as soon as ``done``, or when patience is at its end."""

    def wait() -> None:
        end = time.monotonic() + PATIENCE
        while not done() and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(os.getpid(), number)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


def rung(services: Services) -> bool:
    """Whether somebody rang for everything that is due."""
    with services.store.begin() as session:
        due_now = session.scalars(select(Task).where(Task.due_at <= services.clock())).all()
    return all(task.rung_at for task in due_now)


def run(services: Services, command: str, done: Callable[[], bool], number: signal.Signals) -> int:
    app = create_app(services.settings, services)
    thread = stop_when(done, number)
    result = app.test_cli_runner().invoke(args=[command])
    thread.join()
    return int(result.exit_code)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_dispatcher_rings_until_it_is_told_to_stop(
    services: Services, number: signal.Signals
) -> None:
    quick = replace(services, settings=replace(services.settings, tick=timedelta(milliseconds=10)))
    submitted(quick, COINS)
    assert not rung(services)
    assert run(quick, "dispatcher", lambda: rung(services), number) == 0
    assert rung(services)


def test_the_worker_does_what_was_rung_for(services: Services, gateway: FakeGateway) -> None:
    submitted(services, COINS)
    sweep(services)
    assert run(services, "worker", lambda: not due(services), signal.SIGTERM) == 0
    assert "您的注销申请已受理" in gateway.sent[-1][1]
