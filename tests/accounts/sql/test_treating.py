import re
from collections.abc import Callable
from pathlib import Path

from portal.accounts.sql.treating import PLACEHOLDER
from tests.accounts.world import World
from tests.cast import CLEAN_SEEKER, COINS


def login_name(world: World, account_id: str) -> str:
    return str(world.dump()["account"][(account_id,)]["login_name"])


def test_a_placeholder_is_random_and_each_rows_own(world: World, both_databases: str) -> None:
    world.erase(world.scope(CLEAN_SEEKER), "ZX-1")
    world.erase(world.scope(COINS), "ZX-2")
    names = {login_name(world, person.id) for person in (CLEAN_SEEKER, COINS)}
    assert len(names) == 2
    assert all(re.fullmatch(rf"{PLACEHOLDER}[0-9a-f]{{32}}", name) for name in names)


def test_the_same_person_gets_another_placeholder_each_time(
    world: World, make_world: Callable[[Path], World], tmp_path: Path
) -> None:
    again = make_world(tmp_path / "again")
    for one in (world, again):
        one.erase(one.scope(CLEAN_SEEKER))
    assert login_name(world, CLEAN_SEEKER.id) != login_name(again, CLEAN_SEEKER.id)
    again.engine.dispose()
