from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest
from sqlalchemy import text

from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.system import AccountSystem, AccountSystemUnavailableError, Scope
from portal.store.engine import make_engine
from tests.accounts.world import MAP, VAULT, World
from tests.cast import CLEAN_SEEKER
from tests.fakes import FakeClock
from tests.races import at_once

T = TypeVar("T")


def test_a_database_that_does_not_answer_is_unavailable(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}")
    with pytest.raises(AccountSystemUnavailableError):
        SqlAccountSystem(engine, MAP, tmp_path, FakeClock(), VAULT, 100)


@pytest.mark.parametrize(
    "call",
    [
        lambda system, scope: system.find(CLEAN_SEEKER.phone),
        lambda system, scope: system.account(scope.account_id),
        lambda system, scope: system.standing(scope),
        lambda system, scope: system.holdings(scope, shared_jobs_too=False),
        lambda system, scope: system.set_access("ZX-1", scope, frozen=True, epoch=1),
        lambda system, scope: system.plan("ZX-1", scope, 1, shared_jobs_too=False),
        lambda system, scope: system.apply("ZX-1", ["resume.own"], 1),
        lambda system, scope: system.check("ZX-1", 1),
    ],
)
def test_every_failure_of_the_database_is_told_without_values(
    world: World, call: Callable[[AccountSystem, Scope], object]
) -> None:
    system, scope = world.system(), world.scope(CLEAN_SEEKER)
    with world.failing_at(2), pytest.raises(AccountSystemUnavailableError) as raised:
        call(system, scope)
    assert str(raised.value) == "OperationalError"
    assert raised.value.__suppress_context__


def test_two_workers_at_once_plan_and_apply_once(world: World, both_databases: str) -> None:
    scope = world.scope(CLEAN_SEEKER)
    systems: list[AccountSystem] = [world.system() for _ in range(4)]
    plans = at_once(
        4,
        lambda n: _until_answered(lambda: systems[n].plan("ZX-1", scope, 1, shared_jobs_too=False)),
    )
    assert plans[0] == plans[1] == plans[2] == plans[3]
    done = at_once(
        4,
        lambda n: _until_answered(
            lambda: systems[n].apply("ZX-1", ["chat_message.sent", "chat_message.received"], 1)
        ),
    )
    assert [[one.rows for one in each] for each in done] == [[24, 24]] * 4


def _until_answered(call: Callable[[], T | None]) -> T:
    """What a task does: a bite is followed by the next one, a failure is tried again."""
    for _ in range(8):
        with suppress(AccountSystemUnavailableError):
            if (answer := call()) is not None:
                return answer
    raise AssertionError("no answer")


def test_a_new_adapter_starts_on_a_database_that_has_its_tables(
    world: World, both_databases: str
) -> None:
    assert world.system().find(CLEAN_SEEKER.phone) == world.system().find(CLEAN_SEEKER.phone)


def test_many_processes_may_start_at_once(world: World, both_databases: str) -> None:
    found = at_once(4, lambda _: world.system().account(CLEAN_SEEKER.id))
    assert all(found)


def test_the_log_is_emptied_even_if_the_check_is_asked_again(world: World) -> None:
    scope: Scope = world.scope(CLEAN_SEEKER)
    world.erase(scope)
    log = world.files.parent / "accounts.db-wal"
    world.system().set_access("ZX-2", world.scope(CLEAN_SEEKER), frozen=False, epoch=1)
    assert log.stat().st_size > 0
    world.system().check("ZX-1", 1)
    assert log.stat().st_size == 0


def test_a_log_in_use_is_told_and_emptied_the_next_time(world: World) -> None:
    scope, system = world.scope(CLEAN_SEEKER), world.system()
    world.apply(scope)
    world.run(text("PRAGMA busy_timeout=20"))
    with world.reading(), pytest.raises(AccountSystemUnavailableError):
        system.check("ZX-1", 1)
    assert system.check("ZX-1", 1) == ()
    assert CLEAN_SEEKER.name.encode() not in world.everything_on_disk()
