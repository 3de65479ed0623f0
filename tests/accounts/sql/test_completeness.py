from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from portal.accounts.sample import DATAMAP
from portal.accounts.sql.completeness import problems
from portal.accounts.sql.datamap import DataMap, DataMapError
from tests.accounts.world import World

MAP = DataMap.load(DATAMAP)


def found(world: World, datamap: DataMap = MAP) -> list[str]:
    return problems(datamap, inspect(world.engine))


def test_the_map_names_every_table_and_column(world: World, both_databases: str) -> None:
    world.system()
    assert found(world) == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("ALTER TABLE resume ADD COLUMN salary INTEGER", "resume.own: salary is not in the map"),
        ("ALTER TABLE company ADD COLUMN boss TEXT", "company: boss is not in the map"),
        ("CREATE TABLE diary (id INTEGER)", "diary: in the database, not in the map"),
        ("ALTER TABLE points DROP COLUMN reason", "points.own: reason is not in the database"),
        ("DROP TABLE follow", "follow: in the map, not in the database"),
    ],
)
def test_a_difference_stops_the_start(world: World, change: str, says: str) -> None:
    world.run(text(change))
    with pytest.raises(DataMapError, match=says):
        world.system()


def test_all_differences_are_named_at_once(world: World) -> None:
    world.run(text("CREATE TABLE diary (id INTEGER)"))
    world.run(text("CREATE TABLE album (id INTEGER)"))
    assert [line.split(":")[0] for line in found(world)] == ["album", "diary"]


def test_the_number_must_stand_where_the_map_says(world: World) -> None:
    moved = replace(MAP, number=replace(MAP.number, column="telephone"))
    assert found(world, moved) == ["account.telephone: in the map, not in the database"]


@pytest.mark.parametrize(
    ("part", "owner"),
    [
        ("service_order.account_id", "account"),
        ("penalty.identity_id", "identity"),
        ("freeze.account_id", "account"),
        ("interview.recruiter_id", "identity"),
    ],
)
def test_rows_that_have_this_owner_only_may_not_be_overlooked(
    world: World, part: str, owner: str, both_databases: str
) -> None:
    looking = tuple(one for one in MAP.parts if f"{one.table}.{one.by}" != part)
    says = f"{part}: refers to {owner}, but no part finds rows by it"
    assert says in found(world, replace(MAP, parts=looking))


def test_rows_may_not_go_before_those_that_refer_to_them(world: World) -> None:
    at = next(n for n, part in enumerate(MAP.parts) if part.name == "identity.own")
    early = replace(MAP, parts=(MAP.parts[at], *MAP.parts[:at], *MAP.parts[at + 1 :]))
    assert "session.identity_id: still refers to identity when that goes" in found(world, early)
