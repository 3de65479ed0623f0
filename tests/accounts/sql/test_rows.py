from dataclasses import replace

import pytest
from sqlalchemy import func, insert, select, update

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import account
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.contact import interview, profile_view
from portal.accounts.sql import people
from portal.accounts.sql.rows import Rows, Rules
from tests.accounts.world import MAP, World
from tests.cast import BUSY, CLEAN_SEEKER, COMPANY_ADMIN, MANY_IDENTITIES, RECRUITER, Person


def rows_of(world: World, person: Person, *identity_ids: str, shared_too: bool = False) -> Rows:
    scope = world.scope(person, *identity_ids)
    with world.engine.begin() as connection:
        keys = people.keys(connection, scope)
    return Rows(Rules(metadata.tables, MAP), keys, shared_too)


def titles(world: World, rows: Rows, name: str) -> set[str]:
    part = next(one for one in MAP.parts if one.name == name)
    table = rows.table(part)
    with world.engine.begin() as connection:
        return set(connection.scalars(select(table.c.title).where(rows.belongs(part))))


def test_only_the_parts_of_what_closes_are_steps(world: World) -> None:
    part = rows_of(world, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
    whose = {action.part.whose for action in part.actions()}
    assert whose == {"identity", "recruiter"}


def test_a_file_on_disk_is_a_step_of_its_own_found_by_its_path(world: World) -> None:
    rows = rows_of(world, CLEAN_SEEKER)
    disk = next(one for one in rows.actions() if one.name == "stored_file.avatar.disk")
    assert (disk.on_disk, disk.outcome, rows.key(disk).name) == (True, "delete", "path")


@pytest.mark.parametrize(
    ("shared_too", "part", "found"),
    [
        (False, "job.offline", {"测试工程师", "客户经理"}),
        (False, "job.passed_on", {"后端工程师", "运维工程师"}),
        (True, "job.offline", {"测试工程师", "客户经理", "后端工程师", "运维工程师"}),
        (True, "job.passed_on", set()),
    ],
)
def test_jobs_are_told_apart_by_who_shares_them(
    world: World, shared_too: bool, part: str, found: set[str]
) -> None:
    rows = rows_of(world, RECRUITER, shared_too=shared_too)
    assert titles(world, rows, part) == found


def count(world: World, rows: Rows, name: str) -> int:
    part = next(one for one in MAP.parts if one.name == name)
    query = select(func.count()).select_from(rows.table(part)).where(rows.belongs(part))
    return int(world.run(query))


def test_a_row_is_not_counted_in_a_part_that_has_nothing_left_to_do(
    world: World, both_databases: str
) -> None:
    mine = CLEAN_SEEKER.seeker_id
    seen = {"viewer_id": mine, "viewed_id": mine, "viewed_at": world.clock()}
    rows, parts = rows_of(world, CLEAN_SEEKER), ("profile_view.own", "profile_view.by_others")
    own, by_others = (count(world, rows, part) for part in parts)
    world.run(insert(profile_view).values(seen))
    assert [count(world, rows, part) for part in parts] == [own + 1, by_others]
    assert count(world, rows, "service_order.own") == 1
    assert count(world, rows, "service_order.account") == 0
    assert count(world, rows, "service_order.number") == 0


def test_a_row_without_the_other_owner_is_counted(world: World, both_databases: str) -> None:
    ownerless = {"recruiter_id": None, "contact_phone": RECRUITER.phone}
    world.run(update(job).where(job.c.title == "司机").values(ownerless))
    assert count(world, rows_of(world, RECRUITER), "job.number") == 1


def test_a_number_leads_to_nobody_else_than_who_has_registered_it(
    world: World, both_databases: str
) -> None:
    rows = rows_of(world, CLEAN_SEEKER)
    assert count(world, rows, "interview.number_of_contact") == 0
    world.run(update(interview).values(contact_phone=CLEAN_SEEKER.phone))
    assert count(world, rows, "interview.number_of_contact") > 4
    world.run(update(account).where(account.c.id == CLEAN_SEEKER.id).values(phone=None))
    assert count(world, rows, "interview.number_of_contact") > 4
    world.run(update(account).where(account.c.id == BUSY.id).values(phone=CLEAN_SEEKER.phone))
    assert count(world, rows, "interview.number_of_contact") == 0


def test_a_collaborator_who_leaves_too_does_not_count(world: World) -> None:
    rows = rows_of(world, RECRUITER)
    leaving = [*rows.keys["identity"], COMPANY_ADMIN.recruiter_id(1001)]
    both = replace(rows, keys={**rows.keys, "identity": leaving})
    assert titles(world, both, "job.passed_on") == set()
