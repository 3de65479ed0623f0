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


def test_whoever_passes_the_fence_sees_the_step_it_asks_for(
    world: World, both_databases: str
) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    with world.engine.begin() as connection:
        entry = book.enter(connection, "ZX-1", book.ERASING, 1, "resume.own")
        assert book.enter(connection, "ZX-1", book.ERASING, 1, "job.offline").step is None
    assert entry.planned
    assert entry.step == book.Progress("resume.own", planned=2, treated=0, reached="", done=False)


def test_only_one_notes_what_was_treated(world: World, both_databases: str) -> None:
    """A second one, who read the step before the first one noted it, has done nothing."""
    world.plan(world.scope(CLEAN_SEEKER))
    with world.engine.begin() as connection:
        at = book.enter(connection, "ZX-1", book.ERASING, 1, "resume.own").step
        assert at is not None
        assert book.advance(connection, "ZX-1", at, 1, "7", None)
        assert not book.advance(connection, "ZX-1", at, 0, "7", None)
