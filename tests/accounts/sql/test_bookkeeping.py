from dataclasses import replace

import pytest

from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import StaleEpochError
from tests.accounts.world import World
from tests.cast import CLEAN_SEEKER


def test_a_fence_lets_the_same_and_newer_epochs_through(world: World, both_databases: str) -> None:
    world.system()
    for epoch in (3, 3, 7):
        with world.engine.begin() as connection:
            assert not book.enter(connection, "ZX-1", book.ERASING, epoch).begun


def test_a_fence_refuses_an_older_epoch_of_the_same_closure_only(world: World) -> None:
    world.system()
    with world.engine.begin() as connection:
        book.enter(connection, "ZX-1", book.ERASING, 3)
        book.enter(connection, "ZX-2", book.ERASING, 1)
        book.enter(connection, "ZX-1", book.ACCESS, 1)
        with pytest.raises(StaleEpochError):
            book.enter(connection, "ZX-1", book.ERASING, 2)


def test_an_epoch_that_was_rolled_back_never_passed(world: World) -> None:
    world.system()
    with world.engine.connect() as connection:
        book.enter(connection, "ZX-1", book.ERASING, 9)
        connection.rollback()
    with world.engine.begin() as connection:
        book.enter(connection, "ZX-1", book.ERASING, 1)


def test_a_step_goes_on_from_where_it_was_noted(world: World, both_databases: str) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    with world.engine.begin() as connection:
        before = {one.name: one for one in book.steps(connection, "ZX-1")}
        mine = replace(before["resume.own"], treated=1, took_ms=7, reached="4")
        book.advance(connection, "ZX-1", [mine])
        after = {one.name: one for one in book.steps(connection, "ZX-1")}
    assert after == before | {"resume.own": mine}
