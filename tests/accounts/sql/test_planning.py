import pytest
from sqlalchemy import delete, update

from portal.accounts.sample.schema.contact import chat_message
from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import AccountSystemUnavailableError, Outcome, Step
from tests.accounts.world import VAULT, World
from tests.cast import BUSY, CLEAN_SEEKER, MANY_IDENTITIES, RECRUITER


def test_a_plan_says_each_step_with_its_rows(world: World, both_databases: str) -> None:
    steps = {step.name: step for step in world.plan(world.scope(CLEAN_SEEKER))}
    assert steps["resume.own"] == Step("resume.own", "resumes", Outcome.DELETE, 2)
    assert steps["chat_message.sent"].rows == 24
    assert steps["service_order.own"].outcome is Outcome.KEEP
    assert steps["stored_file.avatar.disk"].rows == steps["stored_file.avatar"].rows == 1


def test_files_go_before_their_rows_and_the_account_last(world: World) -> None:
    names = [step.name for step in world.plan(world.scope(MANY_IDENTITIES))]
    assert names.index("stored_file.avatar.disk") < names.index("stored_file.avatar")
    assert names.index("identity.own") > names.index("session.own")
    assert names[-1] == "account.own"


def test_each_role_has_the_steps_of_its_own_clause(world: World) -> None:
    seeker = {step.name for step in world.plan(world.scope(CLEAN_SEEKER), "ZX-1")}
    recruiter = {step.name for step in world.plan(world.scope(RECRUITER), "ZX-2")}
    assert {"entitlement.seeker", "application.sent"} <= seeker - recruiter
    assert {"entitlement.recruiter", "application.received", "job.offline"} <= recruiter - seeker


def test_asked_again_the_plan_is_the_first_one(world: World) -> None:
    scope = world.scope(CLEAN_SEEKER)
    first = world.plan(scope)
    world.run(delete(chat_message))
    assert world.plan(scope) == first


def test_a_plan_shuts_the_account_even_if_no_freeze_came_before(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    assert not world.dump()["account"][(CLEAN_SEEKER.id,)]["can_sign_in"]


def test_a_plan_keeps_what_rows_are_found_by_and_which_jobs_go_offline(
    world: World, both_databases: str
) -> None:
    scopes = {
        "ZX-1": world.scope(CLEAN_SEEKER),
        "ZX-2": world.scope(MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002)),
    }
    for closure, scope in scopes.items():
        world.plan(scope, closure, shared_jobs_too=scope.whole)
    plans = list(world.dump(book.metadata)["closure_erasure"].values())
    keys = [VAULT.open_json(f"closure_erasure {row['closure']} keys", row["keys"]) for row in plans]
    assert [each["number"] for each in keys] == [[CLEAN_SEEKER.phone], []]
    assert [each["mail"] for each in keys] == [[CLEAN_SEEKER.mail], []]
    assert [row["shared_jobs_too"] for row in plans] == [True, False]


def test_planning_takes_as_many_statements_for_1000_rows_as_for_200(world: World) -> None:
    counts = []
    for closure, person in (("ZX-1", CLEAN_SEEKER), ("ZX-2", BUSY)):
        scope, system = world.scope(person), world.system()
        with world.statements() as sent:
            system.plan(closure, scope, 1, shared_jobs_too=False)
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_plans_of_two_closures_do_not_mix(world: World) -> None:
    one = world.plan(world.scope(CLEAN_SEEKER), "ZX-1")
    other = world.plan(world.scope(BUSY), "ZX-2")
    assert sum(step.rows for step in other) > 4 * sum(step.rows for step in one)
    assert world.plan(world.scope(CLEAN_SEEKER), "ZX-1") == one


def test_what_rows_are_found_by_is_not_in_clear_while_an_erasure_runs(
    world: World, both_databases: str
) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    dump = str(world.dump(book.metadata))
    for value in (CLEAN_SEEKER.phone, CLEAN_SEEKER.mail):
        assert value not in dump


def test_keys_of_one_closure_open_in_no_other(world: World) -> None:
    for closure, person in (("ZX-1", CLEAN_SEEKER), ("ZX-2", BUSY)):
        world.plan(world.scope(person), closure)
    (mine,) = (
        r for r in world.dump(book.metadata)["closure_erasure"].values() if r["closure"] == "ZX-1"
    )
    other = update(book.erasure).where(book.erasure.c.closure == "ZX-2")
    world.run(other.values(keys=mine["keys"]))
    with pytest.raises(AccountSystemUnavailableError, match="SealBrokenError"):
        world.step("resume.own", "ZX-2")


def test_a_rehearsal_answers_what_the_plan_would_and_plans_nothing(
    world: World, both_databases: str
) -> None:
    scope = world.scope(MANY_IDENTITIES)
    system, before = world.system(), world.dump()
    rehearsed = system.rehearse(scope, shared_jobs_too=False)
    assert world.dump() == before
    assert world.dump(book.metadata)["closure_step"] == {}
    # The plan freezes first, and counts that freeze.
    planned = [step for step in world.plan(scope) if step.category != "freezes"]
    assert planned == [step for step in rehearsed if step.category != "freezes"]
