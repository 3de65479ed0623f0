import pytest
from sqlalchemy import insert, update

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import third_party_binding
from portal.accounts.sample.schema.contact import interview
from portal.accounts.sample.schema.money import entitlement, service_order
from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import NotPlannedError, Residue
from tests.accounts.world import World
from tests.cast import CLEAN_SEEKER, COINS, COMPANY_ADMIN, RECRUITER, Person


def applied(world: World, person: Person) -> World:
    """All steps done, nothing checked yet."""
    system = world.system()
    for step in system.plan("ZX-1", world.scope(person), 1):
        system.apply("ZX-1", step.name, 1)
    return world


def check(world: World) -> dict[str, int]:
    return {residue.place: residue.rows for residue in world.system().check("ZX-1", 1)}


def test_nothing_left_forgets_the_keys_and_answers_the_same_again(
    world: World, both_databases: str
) -> None:
    applied(world, CLEAN_SEEKER)
    assert world.system().check("ZX-1", 1) == ()
    assert world.dump(book.metadata)["closure_row"] == {}
    assert world.system().check("ZX-1", 1) == ()


def test_steps_that_are_not_done_are_residue(world: World) -> None:
    steps = world.plan(world.scope(CLEAN_SEEKER))
    left = check(world)
    assert left["steps not done"] == len(steps)
    assert left["resume.own"] == 2
    assert left["stored_file.avatar.disk"] == 1
    assert left["phone in account.phone"] == 1


def test_without_a_plan_there_is_nothing_to_judge_by(world: World) -> None:
    with pytest.raises(NotPlannedError):
        world.system().check("ZX-1", 1)


def test_residue_keeps_the_keys(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    check(world)
    assert world.dump(book.metadata)["closure_row"]


def test_a_column_that_was_filled_again_is_residue(world: World) -> None:
    before = world.dump()["service_order"]
    applied(world, CLEAN_SEEKER)
    (key,) = (k for k, row in before.items() if row["account_id"] == CLEAN_SEEKER.id)
    again = update(service_order).where(service_order.c.id == key[0])
    world.run(again.values(buyer_name=CLEAN_SEEKER.name))
    assert check(world) == {"service_order.own": 1}


def test_a_deleted_row_that_came_back_is_residue(world: World) -> None:
    late = {"account_id": COINS.id, "service": "微信", "bound_at": world.clock()}
    applied(world, COINS)
    world.run(insert(third_party_binding).values(late))
    assert check(world) == {"third_party_binding.own": 1}


def test_the_persons_number_in_somebody_elses_row_is_residue(world: World) -> None:
    applied(world, CLEAN_SEEKER)
    others = interview.c.seeker_id == COINS.seeker_id
    world.run(update(interview).where(others).values(candidate_phone=CLEAN_SEEKER.phone))
    assert check(world) == {"phone in interview.candidate_phone": 4}


def test_a_file_that_is_still_there_is_residue(world: World) -> None:
    path = next(
        row["path"]
        for row in world.dump()["stored_file"].values()
        if row["account_id"] == CLEAN_SEEKER.id
    )
    applied(world, CLEAN_SEEKER)
    (world.files / path).write_bytes(b"back")
    assert check(world) == {"stored_file.avatar.disk": 1}


def test_what_a_colleague_took_over_meanwhile_is_no_residue(world: World) -> None:
    before = world.dump()["entitlement"]
    applied(world, RECRUITER)
    colleague = COMPANY_ADMIN.recruiter_id(1001)
    mine = [
        key[0] for key, row in before.items() if row["identity_id"] == RECRUITER.recruiter_id(1001)
    ]
    assert mine
    taken = update(entitlement).where(entitlement.c.id.in_(mine))
    world.run(taken.values(identity_id=colleague, status="active", sealed_at=None))
    assert check(world) == {}


def test_sealed_rows_without_an_owner_must_be_sealed(world: World) -> None:
    applied(world, RECRUITER)
    world.run(update(entitlement).where(entitlement.c.status == "sealed").values(status="active"))
    assert check(world) == {"entitlement.recruiter": 2}


def test_a_placeholder_must_be_one(world: World) -> None:
    applied(world, CLEAN_SEEKER)
    account = metadata.tables["account"]
    again = update(account).where(account.c.id == CLEAN_SEEKER.id)
    world.run(again.values(login_name="somebody"))
    assert check(world) == {"account.own": 1}


def test_residue_names_places_and_never_values(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    said = str(world.system().check("ZX-1", 1))
    assert Residue("resume.own", 2).place in said
    assert not [
        value
        for value in (CLEAN_SEEKER.name, CLEAN_SEEKER.phone, CLEAN_SEEKER.mail, CLEAN_SEEKER.id)
        if value in said
    ]
