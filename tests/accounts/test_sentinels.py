import pytest

from tests.accounts import sentinels
from tests.accounts.world import World
from tests.cast import BOUND_APPS, COINS, MANY_IDENTITIES, RECRUITER, Person


def found(world: World, planted: list[str]) -> list[str]:
    everything = sentinels.everything(world)
    return [one for one in planted if one.encode() in everything]


@pytest.mark.parametrize(
    "person", [COINS, BOUND_APPS, RECRUITER, MANY_IDENTITIES], ids=lambda one: one.key
)
def test_nothing_that_was_planted_is_left_anywhere(
    world: World, person: Person, both_databases: str
) -> None:
    world.system()
    planted = sentinels.plant(world, person)
    assert len(planted) > 100
    assert found(world, planted) == planted
    assert world.erase(world.scope(person)) == ()
    assert found(world, planted) == []
