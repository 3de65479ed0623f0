from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from portal.accounts.sample import DATAMAP
from portal.accounts.sql.completeness import problems
from portal.accounts.sql.datamap import DataMap, DataMapError
from portal.accounts.sql.parts import Whose
from portal.accounts.system import Words
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


def test_the_adapters_own_tables_of_an_earlier_version_stop_the_start(world: World) -> None:
    world.system()
    world.run(text("ALTER TABLE closure_step DROP COLUMN took_ms"))
    with pytest.raises(DataMapError, match="closure_step: took_ms is missing"):
        world.new_system()


def test_all_differences_are_named_at_once(world: World) -> None:
    world.run(text("CREATE TABLE diary (id INTEGER)"))
    world.run(text("CREATE TABLE album (id INTEGER)"))
    differ = [line for line in found(world) if "label" not in line]
    assert [line.split(":")[0] for line in differ] == ["album", "diary"]


def test_a_unique_value_must_stand_where_the_map_says(world: World) -> None:
    moved = replace(MAP, unique={**MAP.unique, Whose.MAIL: ("account.letters",)})
    assert found(world, moved) == ["account.letters: in the map, not in the database"]


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


@pytest.mark.parametrize("label", ["resume", "resume.birth_month", "resume.identity_id"])
def test_every_table_and_column_has_a_label(world: World, label: str) -> None:
    table, _, column = label.partition(".")
    labels = {of: dict(names) for of, names in MAP.labels.items()}
    for of in (table, "_"):
        labels[of].pop(column or "_", None)
    assert f"{label}: without label" in found(world, replace(MAP, labels=labels))


def test_a_label_of_nothing_is_named(world: World) -> None:
    labels = {**MAP.labels, "diary": {"_": Words("日记", "Diary")}}
    says = ["diary._: has a label, not in the database"]
    assert found(world, replace(MAP, labels=labels)) == says


def test_a_term_that_might_not_begin_is_named(world: World, both_databases: str) -> None:
    open_ended = tuple(
        replace(one, since=("paid_at",)) if one.name == "service_order.own" else one
        for one in MAP.parts
    )
    says = ["service_order.own: paid_at may be empty, then the term never ends"]
    assert found(world, replace(MAP, parts=open_ended)) == says


@pytest.mark.parametrize(
    ("of", "emptied", "says"),
    [
        ("application.received", ("status",), "application.received: status can't be empty"),
        ("job.offline", (), "job.offline: others refer to its rows, they can't be deleted"),
    ],
)
def test_a_pool_that_could_not_be_ended_is_named(
    world: World, of: str, emptied: tuple[str, ...], says: str, both_databases: str
) -> None:
    changed = tuple(
        replace(one, emptied=emptied) if one.part.name == of else one for one in MAP.pools
    )
    assert found(world, replace(MAP, pools=changed)) == [says]


def test_a_pool_without_an_end_is_named(world: World) -> None:
    fewer = tuple(one for one in MAP.pools if one.part.name != "entitlement.recruiter")
    says = ["entitlement.recruiter: stays in its company's pool for ever"]
    assert found(world, replace(MAP, pools=fewer)) == says


def test_a_value_is_only_looked_for_where_an_index_finds_it(
    world: World, both_databases: str
) -> None:
    places = (*MAP.unique[Whose.MAIL], "resume.mail")
    slow = replace(MAP, unique={**MAP.unique, Whose.MAIL: places})
    assert found(world, slow) == ["resume.mail: has no index"]


def test_whatever_is_found_by_a_value_is_a_place_of_it(world: World) -> None:
    places = tuple(one for one in MAP.unique[Whose.NUMBER] if one != "job.contact_phone")
    fewer = replace(MAP, unique={**MAP.unique, Whose.NUMBER: places})
    (says,) = found(world, fewer)
    assert says.startswith("job.contact_phone: found by the number")
