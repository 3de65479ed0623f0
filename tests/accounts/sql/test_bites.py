"""Persons with very many rows: every transaction is bounded, and any may be the last of a process.

What is said here of 3,000 rows and bites of 100, the bench shows of 1,000,000.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

import pytest
from sqlalchemy import event, func, insert, select, update

from portal.accounts.sample.schema.account import security_event
from portal.accounts.sample.schema.contact import chat_message
from portal.accounts.sample.schema.seeking import search_record
from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import NotPlannedError, Step
from tests.accounts.world import World, until_done
from tests.cast import CLEAN_SEEKER, COINS

T = TypeVar("T")
BITE = 100
MINE = CLEAN_SEEKER.seeker_id


class KilledError(BaseException):
    """The process is gone."""


@pytest.fixture
def many(world: World) -> World:
    """More than 3,000 rows: some are deleted, some anonymised, some kept."""
    at = world.clock()
    words = [{"identity_id": MINE, "words": f"第{n}次", "searched_at": at} for n in range(1040)]
    texts = [{"sender_id": MINE, "text": f"第{n}句", "sent_at": at} for n in range(1000)]
    events = [
        {"account_id": CLEAN_SEEKER.id, "what": "登录成功", "suspicious": False, "at": at}
        for _ in range(1000)
    ]
    with world.engine.begin() as connection:
        connection.execute(insert(search_record), words)
        connection.execute(insert(chat_message), texts)
        connection.execute(insert(security_event), events)
    return replace(world, bite=BITE)


@contextmanager
def living_for(world: World, transactions: int) -> Iterator[None]:
    """Inside the block the process dies as the transaction after these begins."""
    begun = 0

    def die(_: object) -> None:
        nonlocal begun
        begun += 1
        if begun > transactions:
            raise KilledError

    event.listen(world.engine, "begin", die)
    try:
        yield
    finally:
        event.remove(world.engine, "begin", die)


def outliving(world: World, call: Callable[[], T | None]) -> T:
    """The answer, though every process dies after one transaction, or as many more as it takes
    to get anything done."""
    lives = 1
    while True:
        with suppress(KilledError), living_for(world, lives):
            if (answer := call()) is not None:
                return answer
            lives = 0
        lives += 1


def test_killed_after_each_transaction_it_goes_on(many: World, both_databases: str) -> None:
    scope, system = many.scope(CLEAN_SEEKER), many.system()
    others = many.dump()["search_record"]
    steps: tuple[Step, ...] = outliving(
        many, lambda: system.plan("ZX-1", scope, 1, shared_jobs_too=False)
    )
    planned = {step.name: step.rows for step in steps}
    assert (planned["search_record.own"], planned["chat_message.sent"]) == (1080, 1024)
    names, done = list(planned), []
    while names:
        done += outliving(many, lambda: system.apply("ZX-1", names, 1))  # noqa: B023
        names = list(planned)[len(done) :]
    assert [one.rows for one in done] == list(planned.values())
    assert outliving(many, lambda: system.check("ZX-1", 1)) == ()
    left = many.dump()["search_record"]
    assert left == {key: row for key, row in others.items() if row["identity_id"] != MINE}
    assert len([row for row in many.kept() if row["step"] == "security_event.own"]) == 1010
    assert many.dump(book.metadata)["closure_row"] == {}


def test_no_transaction_touches_more_rows_than_a_bite(many: World) -> None:
    system, scope = many.system(), many.scope(CLEAN_SEEKER)
    with touching(many) as touched:
        until_done(lambda: system.plan("ZX-1", scope, 1, shared_jobs_too=False))
        many.erase(scope)
    assert len(touched) > 3 * 3000 / BITE
    assert max(max(tables.values()) for tables in touched) == BITE


@contextmanager
def touching(world: World) -> Iterator[list[dict[str, int]]]:
    """How many rows each transaction of the block writes, by table."""
    transactions: list[dict[str, int]] = []

    def begin(_: object) -> None:
        transactions.append(defaultdict(int, {"none": 0}))

    def note(_c: object, cursor: Any, statement: str, *_: object) -> None:
        verb, *words = statement.split()
        if verb in {"INSERT", "UPDATE", "DELETE"}:
            table = words[0] if verb == "UPDATE" else words[1]
            transactions[-1][f"{verb} {table}"] += cursor.rowcount

    event.listen(world.engine, "begin", begin)
    event.listen(world.engine, "after_cursor_execute", note)
    try:
        yield transactions
    finally:
        event.remove(world.engine, "begin", begin)
        event.remove(world.engine, "after_cursor_execute", note)


def test_a_plan_that_is_being_made_is_none_yet(many: World) -> None:
    system, scope = many.system(), many.scope(CLEAN_SEEKER)
    assert system.plan("ZX-1", scope, 1, shared_jobs_too=False) is None
    with pytest.raises(NotPlannedError):
        system.apply("ZX-1", ["resume.own"], 1)
    with pytest.raises(NotPlannedError):
        system.check("ZX-1", 1)
    assert not many.dump()["account"][(CLEAN_SEEKER.id,)]["can_sign_in"]


def test_asked_again_a_step_in_bites_answers_what_was_recorded(many: World) -> None:
    many.plan(many.scope(CLEAN_SEEKER))
    assert many.step("search_record.own") == 1080
    assert many.step("search_record.own", epoch=2) == 1080


def test_what_comes_meanwhile_is_treated_in_bites_too(many: World, both_databases: str) -> None:
    steps = many.plan(many.scope(CLEAN_SEEKER))
    for step in steps:
        if step.name == "identity.own":
            moved = update(search_record).where(search_record.c.identity_id == COINS.seeker_id)
            many.run(moved.values(identity_id=MINE))
            late = {"receiver_id": MINE, "text": "在吗", "sent_at": many.clock()}
            with many.engine.begin() as connection:
                connection.execute(insert(chat_message), [late] * 250)
        many.step(step.name)
    assert many.check() == ()
    found = select(func.count()).select_from(chat_message).where(chat_message.c.receiver_id == MINE)
    assert many.run(found) == 0
