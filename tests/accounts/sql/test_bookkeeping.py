import pytest

from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import StaleEpochError
from tests.accounts.world import World


def test_a_fence_lets_the_same_and_newer_epochs_through(world: World, both_databases: str) -> None:
    world.system()
    for epoch in (3, 3, 7):
        with world.engine.begin() as connection:
            book.pass_fence(connection, "ZX-1", book.ERASING, epoch)


def test_a_fence_refuses_an_older_epoch_of_the_same_closure_only(world: World) -> None:
    world.system()
    with world.engine.begin() as connection:
        book.pass_fence(connection, "ZX-1", book.ERASING, 3)
        book.pass_fence(connection, "ZX-2", book.ERASING, 1)
        book.pass_fence(connection, "ZX-1", book.ACCESS, 1)
        with pytest.raises(StaleEpochError):
            book.pass_fence(connection, "ZX-1", book.ERASING, 2)


def test_an_epoch_that_was_rolled_back_never_passed(world: World) -> None:
    world.system()
    with world.engine.connect() as connection:
        book.pass_fence(connection, "ZX-1", book.ERASING, 9)
        connection.rollback()
    with world.engine.begin() as connection:
        book.pass_fence(connection, "ZX-1", book.ERASING, 1)
