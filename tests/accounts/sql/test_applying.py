from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update

from portal.accounts.sample.companies import OPENINGS
from portal.accounts.sample.schema.account import stored_file
from portal.accounts.sample.schema.company import job, job_collaborator
from portal.accounts.sample.schema.contact import chat_message, interview
from portal.accounts.sample.schema.money import entitlement, service_order
from portal.accounts.sample.schema.seeking import resume
from portal.accounts.sql.bookkeeping import metadata as own_tables
from portal.accounts.system import (
    AccountSystemUnavailableError,
    NotPlannedError,
    StaleEpochError,
)
from tests.accounts.world import World
from tests.cast import (
    BUSY,
    CLEAN_SEEKER,
    COINS,
    COLLEAGUES,
    COMPANY_ADMIN,
    MANY_IDENTITIES,
    RECRUITER,
    Person,
)

RECRUITING = RECRUITER.recruiter_id(1001)


def test_a_step_answers_its_rows_and_asked_again_the_same(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    assert world.step("resume.own") == 2
    before = world.dump()
    assert world.step("resume.own", epoch=2) == 2
    assert world.dump() == before


def test_an_older_epoch_is_refused_and_changes_nothing(world: World, both_databases: str) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    system = world.system()
    system.apply("ZX-1", ["resume.own"], 5)
    before = world.dump()
    for call in (
        lambda: system.apply("ZX-1", ["inbox_message.own"], 4),
        lambda: system.plan("ZX-1", world.scope(CLEAN_SEEKER), 4, shared_jobs_too=False),
        lambda: system.check("ZX-1", 4),
    ):
        with pytest.raises(StaleEpochError):
            call()
    assert world.dump() == before


def test_access_and_erasing_have_fences_of_their_own(world: World) -> None:
    scope = world.scope(CLEAN_SEEKER)
    world.system().set_access("ZX-1", scope, frozen=True, epoch=40)
    world.plan(scope)
    assert world.step("resume.own") == 2


def test_a_step_that_is_not_planned_is_an_error(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    for closure, step in (("ZX-1", "job.offline"), ("ZX-2", "resume.own")):
        with pytest.raises(NotPlannedError):
            world.system().apply(closure, ["inbox_message.own", step], 1)


def test_a_seekers_assets_are_cleared(world: World) -> None:
    world.erase(world.scope(COINS))
    left = world.dump()["entitlement"].values()
    assert not [
        row for row in left if row["name"] in {"智联币", "简历置顶服务"} and not row["company_id"]
    ]


def test_a_recruiters_assets_and_resumes_fall_into_the_companys_pool(
    world: World, both_databases: str
) -> None:
    before = world.dump()["application"]
    assert world.erase(world.scope(RECRUITER)) == ()
    after = world.dump()
    pool = [row for row in after["entitlement"].values() if row["company_id"] == 1001]
    assert {(row["status"], row["identity_id"]) for row in pool} == {("sealed", None)}
    assert {row["sealed_at"] for row in pool} == {world.clock()}
    received = [key for key, row in before.items() if row["recruiter_id"] == RECRUITING]
    sealed = [after["application"][key] for key in received]
    assert all(row["recruiter_id"] is None and row["company_id"] == 1001 for row in sealed)
    assert all(row["resume_copy"] and row["sealed_at"] for row in sealed)


def _jobs_of(world: World, person: Person) -> dict[str, tuple[str, str | None]]:
    mine = {one.title for one in OPENINGS if one.post.person == person}
    return {
        row["title"]: (row["status"], row["recruiter_id"])
        for row in world.dump()["job"].values()
        if row["title"] in mine
    }


def test_unshared_jobs_go_offline_and_shared_ones_pass_on(
    world: World, both_databases: str
) -> None:
    world.erase(world.scope(RECRUITER))
    partner = COMPANY_ADMIN.recruiter_id(1001)
    assert _jobs_of(world, RECRUITER) == {
        "测试工程师": ("offline", None),
        "客户经理": ("offline", None),
        "后端工程师": ("online", partner),
        "运维工程师": ("online", partner),
    }


@pytest.mark.parametrize("again", [False, True])
def test_all_jobs_go_offline_where_the_plan_says_so_whatever_is_asked_later(
    world: World, again: bool, both_databases: str
) -> None:
    world.plan(world.scope(RECRUITER), shared_jobs_too=True)
    for step in world.plan(world.scope(RECRUITER), shared_jobs_too=again):
        world.step(step.name)
    assert world.check() == ()
    assert set(_jobs_of(world, RECRUITER).values()) == {("offline", None)}


def test_a_job_that_finds_a_collaborator_after_the_plan_passes_on(world: World) -> None:
    scope, partner = world.scope(RECRUITER), COMPANY_ADMIN.recruiter_id(1001)
    steps = world.plan(scope)
    world.step("job.passed_on")
    number = world.run(select(job.c.id).where(job.c.title == "客户经理"))
    shares = {"job_id": number, "identity_id": partner, "since": world.clock()}
    world.run(insert(job_collaborator).values(shares))
    for step in steps:
        world.step(step.name)
    assert world.check() == ()
    assert _jobs_of(world, RECRUITER)["客户经理"] == ("online", partner)


def test_a_job_that_loses_its_collaborator_after_the_plan_goes_offline(world: World) -> None:
    world.plan(world.scope(RECRUITER), "ZX-1")
    world.run(text("DELETE FROM job_collaborator"))
    assert world.erase(world.scope(RECRUITER), "ZX-1") == ()
    assert set(_jobs_of(world, RECRUITER).values()) == {("offline", None)}


def test_a_job_whose_collaborator_leaves_and_comes_again_passes_on(
    world: World, both_databases: str
) -> None:
    steps = world.plan(world.scope(RECRUITER))
    shares = [
        row
        for row in world.dump()["job_collaborator"].values()
        if row["identity_id"] == COMPANY_ADMIN.recruiter_id(1001)
    ]
    world.run(text("DELETE FROM job_collaborator"))
    for step in steps:
        world.step(step.name)
        if step.name == "job.offline":
            world.run(insert(job_collaborator).values(shares))
    assert world.check() == ()
    partner = COMPANY_ADMIN.recruiter_id(1001)
    assert _jobs_of(world, RECRUITER)["后端工程师"] == ("online", partner)


def test_what_a_colleague_took_over_before_its_step_is_the_colleagues(world: World) -> None:
    steps, partner = world.plan(world.scope(RECRUITER)), COMPANY_ADMIN.recruiter_id(1001)
    mine = entitlement.c.identity_id == RECRUITING
    world.run(update(entitlement).where(mine).values(identity_id=partner))
    done = {step.name: world.step(step.name) for step in steps}
    assert done["entitlement.recruiter"] == 0
    assert world.check() == ()
    pool = [row for row in world.dump()["entitlement"].values() if row["company_id"] == 1001]
    assert {(row["status"], row["identity_id"]) for row in pool} == {("active", partner)}


def test_a_new_row_under_the_number_of_a_deleted_one_stays(world: World) -> None:
    (last,) = [row for row in _resumes(world) if row["identity_id"] == BUSY.seeker_id][-1:]
    for step in world.plan(world.scope(BUSY)):
        world.step(step.name)
        if step.name == "resume.own":
            world.run(insert(resume).values({**last, "identity_id": COINS.seeker_id}))
    assert world.check() == ()
    assert {**last, "identity_id": COINS.seeker_id} in _resumes(world)


def _resumes(world: World) -> list[dict[str, Any]]:
    return list(world.dump()["resume"].values())


def test_the_number_is_emptied_in_anybodys_row_and_nothing_else_is(
    world: World, both_databases: str
) -> None:
    world.run(update(job).where(job.c.title == "司机").values(contact_phone=CLEAN_SEEKER.phone))
    noted = update(interview).where(interview.c.seeker_id == CLEAN_SEEKER.seeker_id)
    world.run(noted.values(contact_phone=CLEAN_SEEKER.phone))
    before = world.dump()["job"]
    steps = {step.name: step for step in world.plan(world.scope(CLEAN_SEEKER))}
    assert (steps["job.number"].rows, steps["job.number"].category) == (1, "number_of_others")
    assert steps["interview.number_of_contact"].rows == 4
    assert world.erase(world.scope(CLEAN_SEEKER)) == ()
    for key, row in world.dump()["job"].items():
        emptied = before[key]["contact_phone"] == CLEAN_SEEKER.phone
        assert row == before[key] | ({"contact_phone": None} if emptied else {})


def test_an_order_for_no_identity_loses_its_buyer_with_the_whole_account_only(
    world: World, both_databases: str
) -> None:
    who, closing = MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002)
    mine = service_order.c.account_id == who.id
    world.run(update(service_order).where(mine).values(identity_id=None))
    before = world.dump()["service_order"]
    assert world.erase(world.scope(who, closing), "ZX-1") == ()
    assert world.dump()["service_order"] == before
    assert world.erase(world.scope(who), "ZX-2") == ()
    orders = [row for row in world.kept() if row["step"] == "service_order.account"]
    assert len(orders) == 3
    assert not [row for row in orders if {"buyer_name", "buyer_phone"} & row["content"].keys()]


@pytest.mark.parametrize("after", ["chat_message.received", "session.own"])
def test_what_arrives_after_the_plan_goes_too(
    world: World, after: str, both_databases: str
) -> None:
    """A counterpart writes while the erasure runs, before or after the step of such rows."""
    mine, theirs = CLEAN_SEEKER.seeker_id, COLLEAGUES[0].recruiter_id(1002)
    for step in world.plan(world.scope(CLEAN_SEEKER)):
        if step.name == after:
            late = {
                "sender_id": theirs,
                "receiver_id": mine,
                "text": "在吗",
                "sent_at": world.clock(),
            }
            world.run(insert(chat_message).values(late))
        world.step(step.name)
    assert world.check() == ()
    arrived = select(chat_message.c.receiver_id).where(chat_message.c.text == "在吗")
    assert world.run(arrived) is None


def test_a_missing_file_is_done(world: World) -> None:
    for path in world.files.rglob("*.png"):
        path.unlink()
    assert world.erase(world.scope(CLEAN_SEEKER)) == ()


def test_a_path_that_leads_out_of_the_folder_is_never_followed(world: World) -> None:
    outside = world.files.parent / "outside.txt"
    outside.write_text("not ours")
    mine = {"account_id": CLEAN_SEEKER.id, "kind": "avatar", "path": "../outside.txt", "size": 1}
    world.run(insert(stored_file).values(mine | {"uploaded_at": world.clock()}))
    with pytest.raises(AccountSystemUnavailableError):
        world.erase(world.scope(CLEAN_SEEKER))
    assert outside.exists()


def test_closing_one_identity_leaves_account_and_others_untouched(
    world: World, both_databases: str
) -> None:
    who, closing = MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002)
    before = world.dump()
    assert world.erase(world.scope(who, closing)) == ()
    after = world.dump()
    account = world.system().find(who.phone)
    assert account is not None
    assert closing not in {one.id for one in account.identities}
    for table in ("account", "security_event", "third_party_binding", "points", "stored_file"):
        assert after[table] == before[table]
    mine = {who.seeker_id, who.recruiter_id(1003)}
    for table in ("session", "resume", "search_record", "entitlement", "identity"):
        kept = [row for row in before[table].values() if mine & set(row.values())]
        assert kept
        assert all(row in after[table].values() for row in kept)


def _with_every_statement_failing_once(world: World, names: list[str]) -> int:
    """The steps are tried with the first statement failing, then the second, … until they pass."""
    for number in count(1):
        try:
            with world.failing_at(number):
                assert len(world.steps(names)) == len(names)
        except AccountSystemUnavailableError:
            continue
        return number - 1
    return 0


@pytest.mark.parametrize("together", [False, True])
def test_a_crash_at_any_statement_is_resumed_by_a_new_process(
    world: World, together: bool, make_world: Callable[[Path], World], tmp_path: Path
) -> None:
    scope = world.scope(COINS)
    names = [step.name for step in world.plan(scope)]
    calls = [names] if together else [[name] for name in names]
    failures = sum(_with_every_statement_failing_once(world, steps) for steps in calls)
    assert failures > (30 if together else 100)
    assert world.check() == ()
    calm = make_world(tmp_path / "calm")
    calm.erase(scope)
    assert _comparable(world) == _comparable(calm)
    calm.engine.dispose()


def _comparable(world: World) -> object:
    """Everything but the placeholder, which is random, and how long a step took."""
    tables = world.dump() | world.dump(own_tables)
    tables["account"][(COINS.id,)]["login_name"] = "random"
    for row in tables["closure_step"].values():
        row["took_ms"] = 0
    return tables


def test_statements_grow_with_tables_and_not_with_rows(world: World) -> None:
    """About two for each step with rows, in all."""
    counts = []
    for closure, person in (("ZX-1", CLEAN_SEEKER), ("ZX-2", BUSY)):
        scope, system = world.scope(person), world.system()
        with world.statements() as sent:
            steps = system.plan(closure, scope, 1, shared_jobs_too=False) or ()
            done = system.apply(closure, [step.name for step in steps], 1) or ()
            assert system.check(closure, 1) == ()
        assert [one.rows for one in done] == [step.rows for step in steps]
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 80
