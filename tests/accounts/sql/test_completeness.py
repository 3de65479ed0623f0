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


def test_a_value_may_not_be_sought_where_nothing_is(world: World) -> None:
    moved = replace(MAP, values=(replace(MAP.values[0], places=("job.telephone",)),))
    assert found(world, moved) == ["job.telephone: in the map, not in the database"]


def test_rows_may_not_go_before_those_that_refer_to_them(world: World) -> None:
    at = next(n for n, part in enumerate(MAP.parts) if part.name == "identity.own")
    early = replace(MAP, parts=(MAP.parts[at], *MAP.parts[:at], *MAP.parts[at + 1 :]))
    assert "session.identity_id: still refers to identity when that goes" in found(world, early)
