import pytest
from sqlalchemy import insert, select, union_all, update

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import account
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.contact import interview, profile_view
from portal.accounts.sql import applying, people, planning
from portal.accounts.sql.parts import Whose
from portal.accounts.sql.rows import Keys, Rows, bound
from tests.accounts.world import MAP, World
from tests.cast import BUSY, CLEAN_SEEKER, COMPANY_ADMIN, MANY_IDENTITIES, RECRUITER, Person

ROWS = Rows(metadata.tables, MAP, shared_too=False)
ALL_JOBS = Rows(metadata.tables, MAP, shared_too=True)


def keys_of(world: World, person: Person, *identity_ids: str) -> Keys:
    scope = world.scope(person, *identity_ids)
    with world.engine.begin() as connection:
        return people.keys(connection, scope)


def titles(world: World, rows: Rows, keys: Keys, name: str) -> set[str]:
    part = rows.actions[name].part
    query = select(rows.table(part).c.title).where(rows.belongs(part))
    with world.engine.begin() as connection:
        return set(connection.scalars(query, bound(keys)))


def test_only_the_parts_of_what_closes_are_steps(world: World) -> None:
    keys = keys_of(world, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
    whose = {action.part.whose for action in ROWS.actions_of(keys)}
    assert whose == {"identity", "recruiter"}


def test_a_file_on_disk_is_a_step_of_its_own_found_by_its_path() -> None:
    disk = ROWS.actions["stored_file.avatar.disk"]
    assert (disk.on_disk, disk.outcome, ROWS.key(disk).name) == (True, "delete", "path")


def test_what_is_the_same_for_everybody_is_built_once() -> None:
    assert ROWS.once("list", list) is ROWS.once("list", list)


def test_nobodys_keys_find_no_row_anywhere(world: World, both_databases: str) -> None:
    """One statement with IN and NOT IN of the same empty list."""
    leading = union_all(*applying.leading(ROWS, list(ROWS.actions.values())))
    with world.engine.begin() as connection:
        found = dict(connection.execute(leading, bound({})).all())
        counts = planning.counts(connection, ROWS, {Whose.IDENTITY: ["nobody"]})
    assert len(found) > 20
    assert {*found.values(), *counts.values()} == {0}


@pytest.mark.parametrize(
    ("rows", "part", "found"),
    [
        (ROWS, "job.offline", {"测试工程师", "客户经理"}),
        (ROWS, "job.passed_on", {"后端工程师", "运维工程师"}),
        (ALL_JOBS, "job.offline", {"测试工程师", "客户经理", "后端工程师", "运维工程师"}),
        (ALL_JOBS, "job.passed_on", set()),
    ],
)
def test_jobs_are_told_apart_by_who_shares_them(
    world: World, rows: Rows, part: str, found: set[str]
) -> None:
    assert titles(world, rows, keys_of(world, RECRUITER), part) == found


def count(world: World, keys: Keys, name: str) -> int:
    with world.engine.begin() as connection:
        return planning.counts(connection, ROWS, keys)[name]


def test_a_row_is_not_counted_in_a_part_that_has_nothing_left_to_do(
    world: World, both_databases: str
) -> None:
    mine = CLEAN_SEEKER.seeker_id
    seen = {"viewer_id": mine, "viewed_id": mine, "viewed_at": world.clock()}
    keys, parts = keys_of(world, CLEAN_SEEKER), ("profile_view.own", "profile_view.by_others")
    own, by_others = (count(world, keys, part) for part in parts)
    world.run(insert(profile_view).values(seen))
    assert [count(world, keys, part) for part in parts] == [own + 1, by_others]
    assert count(world, keys, "service_order.own") == 1
    assert count(world, keys, "service_order.account") == 0
    assert count(world, keys, "service_order.number") == 0


def test_a_row_without_the_other_owner_is_counted(world: World, both_databases: str) -> None:
    ownerless = {"recruiter_id": None, "contact_phone": RECRUITER.phone}
    world.run(update(job).where(job.c.title == "司机").values(ownerless))
    assert count(world, keys_of(world, RECRUITER), "job.number") == 1


def test_a_number_leads_to_nobody_else_than_who_has_registered_it(
    world: World, both_databases: str
) -> None:
    keys = keys_of(world, CLEAN_SEEKER)
    assert count(world, keys, "interview.number_of_contact") == 0
    world.run(update(interview).values(contact_phone=CLEAN_SEEKER.phone))
    assert count(world, keys, "interview.number_of_contact") > 4
    world.run(update(account).where(account.c.id == CLEAN_SEEKER.id).values(phone=None))
    assert count(world, keys, "interview.number_of_contact") > 4
    world.run(update(account).where(account.c.id == BUSY.id).values(phone=CLEAN_SEEKER.phone))
    assert count(world, keys, "interview.number_of_contact") == 0


def test_a_collaborator_who_leaves_too_does_not_count(world: World) -> None:
    keys = keys_of(world, RECRUITER)
    leaving = [*keys[Whose.IDENTITY], COMPANY_ADMIN.recruiter_id(1001)]
    both = {**keys, Whose.IDENTITY: leaving}
    assert titles(world, ROWS, both, "job.passed_on") == set()
