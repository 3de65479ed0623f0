"""Handing over what a recruiter leaves: reserved while departing, out of the pool afterwards."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from portal.accounts.sample.schema.account import ACTIVE
from portal.accounts.sample.schema.company import membership
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import Estate, Item, Left, NotAllowedError, Share, Why
from tests.accounts.world import World
from tests.cast import COLLEAGUES, COMPANY_ADMIN, ONLY_SUPER_ADMIN, RECRUITER
from tests.races import at_once

LEAVER = RECRUITER.recruiter_id(1001)
ADMIN = COMPANY_ADMIN.recruiter_id(1001)
BOSS = ONLY_SUPER_ADMIN.recruiter_id(1001)
STRANGER = COLLEAGUES[0].recruiter_id(1002)
REF = "ZX-1"


def depart(world: World) -> Estate:
    """The recruiter's closure is open and has frozen them."""
    world.system().set_access(REF, world.scope(RECRUITER), frozen=True, epoch=1)
    return world.system().estate(LEAVER)


def shares(estate: Estate, *kinds: Left) -> list[Share]:
    return [Share(i.kind, i.key) for i in estate.items if not kinds or i.kind in kinds]


def coins(estate: Estate) -> Item:
    (found,) = [item for item in estate.items if item.name == "智联币" and item.heir is None]
    return found


def rows(world: World, table: str, **values: Any) -> list[dict[str, Any]]:
    every = world.dump()[table].values()
    return [row for row in every if all(row[key] == value for key, value in values.items())]


def pool(world: World, by: str = ADMIN) -> Estate:
    return world.system().estates(by)[-1]


def test_an_estate_is_resumes_by_job_entitlements_and_jobs(world: World) -> None:
    estate = depart(world)
    assert estate.closure == REF
    assert estate.name == "唐*"
    jobs = {item.name for item in estate.items if item.kind is Left.JOB}
    assert jobs == {"测试工程师", "客户经理", "后端工程师", "运维工程师"}
    assert (coins(estate).quantity, coins(estate).unit) == (60, "枚")
    received = rows(world, "application", recruiter_id=LEAVER)
    resumes = [item for item in estate.items if item.kind is Left.RESUMES]
    assert sum(item.quantity for item in resumes) == len(received)


def test_everything_reserved_is_the_heirs_after_the_erasure(
    world: World, both_databases: str
) -> None:
    received = rows(world, "application", recruiter_id=LEAVER)
    estate = depart(world)
    assert world.system().hand_over(ADMIN, REF, shares(estate), ADMIN) == ()
    assert world.erase(world.scope(RECRUITER)) == ()
    for title in ("测试工程师", "客户经理", "后端工程师", "运维工程师"):
        (row,) = rows(world, "job", title=title)
        assert (row["recruiter_id"], row["status"], row["contact_phone"]) == (ADMIN, "online", None)
    (row,) = rows(world, "entitlement", name="智联币", company_id=1001)
    assert (row["identity_id"], row["status"], row["quantity"]) == (ADMIN, ACTIVE, 60)
    now = {row["id"]: row for row in rows(world, "application", recruiter_id=ADMIN)}
    assert all(now[row["id"]]["sealed_at"] is None for row in received)
    assert world.dump(book.metadata)["closure_heir"] == {}


def test_the_certificate_says_what_was_handed_over(world: World) -> None:
    world.system().hand_over(ADMIN, REF, shares(depart(world)), ADMIN)
    world.erase(world.scope(RECRUITER))
    treated = {one.name: one.rows for one in world.system().certificate(REF).treated}
    assert treated["jobs_handed_over"] == 4
    assert treated["jobs_offline"] == treated["jobs_passed_on"] == 0
    assert treated["services_handed_over"] == 2
    assert treated["company_services"] == treated["received_resumes"] == 0


def test_a_share_goes_to_the_heir_and_the_rest_to_the_pool(
    world: World, both_databases: str
) -> None:
    share = Share(Left.ENTITLEMENT, coins(depart(world)).key, 25)
    assert world.system().hand_over(ADMIN, REF, [share], ADMIN) == ()
    assert world.erase(world.scope(RECRUITER)) == ()
    found = rows(world, "entitlement", name="智联币", company_id=1001)
    assert {(row["identity_id"], row["quantity"], row["status"]) for row in found} == {
        (ADMIN, 25, ACTIVE),
        (None, 35, "sealed"),
    }
    assert coins(pool(world)).quantity == 35


@pytest.mark.parametrize("bite", [1, 3])
def test_in_small_bites_it_is_the_same(world: World, bite: int) -> None:
    small = World(world.engine, world.files, world.clock, bite)
    share = Share(Left.ENTITLEMENT, coins(depart(world)).key, 25)
    jobs = shares(world.system().estate(LEAVER), Left.JOB)
    world.system().hand_over(ADMIN, REF, [share, *jobs], BOSS)
    for step in world.plan(world.scope(RECRUITER)):
        bites = step.name in ("job.handed_over", "entitlement.handed_over")
        (small if bites else world).step(step.name)
    assert world.check() == ()
    titles = {row["title"] for row in rows(world, "job", recruiter_id=BOSS)}
    assert titles > {"测试工程师", "客户经理", "后端工程师", "运维工程师"}
    assert len(rows(world, "entitlement", name="智联币", company_id=1001)) == 2


def test_an_heir_who_has_left_the_company_counts_as_none(world: World, both_databases: str) -> None:
    world.system().hand_over(ADMIN, REF, shares(depart(world)), BOSS)
    world.plan(world.scope(RECRUITER))
    world.run(delete(membership).where(membership.c.identity_id == BOSS))
    assert world.erase(world.scope(RECRUITER)) == ()
    (row,) = rows(world, "job", title="测试工程师")
    assert (row["recruiter_id"], row["status"]) == (None, "offline")
    (row,) = rows(world, "entitlement", name="智联币", company_id=1001)
    assert (row["identity_id"], row["status"]) == (None, "sealed")


def test_an_heir_who_leaves_too_takes_nothing_over(world: World) -> None:
    world.system().hand_over(ADMIN, REF, shares(depart(world)), BOSS)
    world.system().set_access("ZX-2", world.scope(ONLY_SUPER_ADMIN), frozen=True, epoch=1)
    assert all(item.heir is None for item in world.system().estate(LEAVER).items)
    (refused, *_) = world.system().hand_over(
        ADMIN, REF, shares(world.system().estate(LEAVER)), BOSS
    )
    assert refused.why is Why.NO_HEIR


def test_the_leaver_is_no_heir_and_no_colleague(world: World) -> None:
    estate = depart(world)
    assert LEAVER not in {one.identity_id for one in world.system().colleagues(ADMIN)}
    (refused, *_) = world.system().hand_over(ADMIN, REF, shares(estate), LEAVER)
    assert refused.why is Why.NO_HEIR


def test_nobody_of_another_company_sees_or_gets_anything(world: World) -> None:
    estate = depart(world)
    with pytest.raises(NotAllowedError):
        world.system().hand_over(STRANGER, REF, shares(estate), STRANGER)
    assert {one.closure for one in world.system().estates(STRANGER)} == {None}
    (refused, *_) = world.system().hand_over(ADMIN, REF, shares(estate), STRANGER)
    assert refused.why is Why.NO_HEIR


def test_another_companys_pool_can_not_be_reached_by_its_rows(world: World) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    wanted = shares(pool(world))
    refused = world.system().hand_over(STRANGER, None, wanted, STRANGER)
    assert {one.why for one in refused} == {Why.GONE}


def test_a_member_accepts_for_itself_and_hands_nothing_to_others(world: World) -> None:
    estate = depart(world)
    world.run(update(membership).where(membership.c.identity_id == ADMIN).values(role="member"))
    with pytest.raises(NotAllowedError):
        world.system().estates(ADMIN)
    with pytest.raises(NotAllowedError):
        world.system().hand_over(ADMIN, REF, shares(estate), BOSS)
    assert world.system().hand_over(ADMIN, REF, shares(estate), ADMIN) == ()


def test_restoring_lapses_what_was_reserved(world: World, both_databases: str) -> None:
    scope, before = world.scope(RECRUITER), world.dump()
    world.system().hand_over(ADMIN, REF, shares(depart(world)), ADMIN)
    world.system().set_access(REF, scope, frozen=False, epoch=2)
    after = world.dump()
    assert all(after[name] == before[name] for name in ("job", "entitlement", "application"))
    assert world.dump(book.metadata)["closure_heir"] == {}
    refused = world.system().hand_over(ADMIN, REF, [Share(Left.JOB, "1001")], ADMIN)
    assert refused[0].why is Why.GONE


def test_once_planned_nothing_is_reserved_or_taken_back(world: World) -> None:
    estate = depart(world)
    jobs, others = shares(estate, Left.JOB), shares(estate, Left.ENTITLEMENT)
    world.system().hand_over(ADMIN, REF, jobs, ADMIN)
    world.plan(world.scope(RECRUITER))
    assert world.system().hand_over(ADMIN, REF, others, ADMIN)[0].why is Why.GONE
    assert world.system().take_back(ADMIN, REF, jobs) == 0


def test_of_two_admins_one_gets_it_and_the_other_is_told(world: World, both_databases: str) -> None:
    wanted = shares(depart(world), Left.JOB)[:1]
    heirs = (ADMIN, BOSS)
    answers = at_once(2, lambda n: world.system().hand_over(heirs[n], REF, wanted, heirs[n]))
    assert sorted(map(len, answers)) == [0, 1]
    winner = heirs[answers.index(())]
    (refused,) = next(answer for answer in answers if answer)
    assert refused.why is Why.TAKEN
    assert refused.heir
    assert (refused.heir.identity_id, refused.heir.at) == (winner, world.clock())


def test_of_two_admins_one_gets_it_out_of_the_pool(world: World, both_databases: str) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    wanted, heirs = shares(pool(world), Left.ENTITLEMENT), (ADMIN, BOSS)
    answers = at_once(2, lambda n: world.system().hand_over(heirs[n], None, wanted, heirs[n]))
    assert sorted(map(len, answers)) == [0, 2]
    assert {one.why for answer in answers for one in answer} == {Why.TAKEN}
    assert len(rows(world, "entitlement", company_id=1001)) == 2


def test_what_has_been_used_up_meanwhile_is_told_and_nothing_is_lost(world: World) -> None:
    item = coins(depart(world))
    key = int(item.key)
    world.run(update(entitlement).where(entitlement.c.id == key).values(quantity=7))
    wanted = Share(item.kind, item.key, 25)
    (refused,) = world.system().hand_over(ADMIN, REF, [wanted], ADMIN)
    assert (refused.why, refused.left) == (Why.LESS, 7)
    world.run(update(entitlement).where(entitlement.c.id == key).values(quantity=0))
    (refused,) = world.system().hand_over(ADMIN, REF, [wanted], ADMIN)
    assert refused.why is Why.GONE
    assert world.dump(book.metadata)["closure_heir"] == {}


def test_out_of_the_pool_and_back_again(world: World, both_databases: str) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    before = world.dump()
    wanted = shares(pool(world))
    assert world.system().hand_over(ADMIN, None, wanted, BOSS) == ()
    assert all(item.heir for item in pool(world).items)
    assert rows(world, "job", title="测试工程师")[0]["recruiter_id"] == BOSS
    assert world.system().take_back(ADMIN, None, wanted) > 0
    assert world.dump() == before


def test_part_of_the_pool_and_what_is_left_of_it(world: World, both_databases: str) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    item = coins(pool(world))
    assert world.system().hand_over(ADMIN, None, [Share(item.kind, item.key, 20)], BOSS) == ()
    assert coins(pool(world)).quantity == 40
    assert world.system().take_back(ADMIN, None, [Share(item.kind, item.key)]) == 1
    left = [item.quantity for item in pool(world).items if item.name == "智联币"]
    assert sorted(left) == [20, 40]


@pytest.mark.parametrize("later", [24, 23])
def test_the_pool_can_be_undone_for_24_hours(world: World, later: int) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    wanted = shares(pool(world), Left.JOB)
    world.system().hand_over(ADMIN, None, wanted, BOSS)
    world.clock.advance(hours=later)
    assert bool(world.system().take_back(ADMIN, None, wanted)) is (later < 24)


def test_what_has_been_used_is_not_taken_back(world: World) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    item = coins(pool(world))
    world.system().hand_over(ADMIN, None, [Share(item.kind, item.key, 60)], BOSS)
    world.run(update(entitlement).where(entitlement.c.id == int(item.key)).values(quantity=59))
    assert world.system().take_back(ADMIN, None, [Share(item.kind, item.key)]) == 0


def test_after_the_term_the_pool_is_not_handed_over_any_more(
    world: World, both_databases: str
) -> None:
    depart(world)
    world.erase(world.scope(RECRUITER))
    wanted = shares(pool(world))
    world.clock.advance(days=367)
    assert pool(world).items == ()
    assert {one.why for one in world.system().hand_over(ADMIN, None, wanted, BOSS)} == {Why.GONE}
