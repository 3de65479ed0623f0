from collections.abc import Iterable

import pytest
from sqlalchemy import insert, select, text, update

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import account, third_party_binding
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.contact import interview
from portal.accounts.sample.schema.desk import complaint
from portal.accounts.sample.schema.money import entitlement, service_order
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql import checking
from portal.accounts.sql.applying import Work
from portal.accounts.sql.rows import Rows
from portal.accounts.system import NotPlannedError, Residue
from tests.accounts.world import MAP, VAULT, World
from tests.cast import CLEAN_SEEKER, COINS, COMPANY_ADMIN, RECRUITER, Person

ROWS = Rows(metadata.tables, MAP, shared_too=False)


def applied(world: World, person: Person) -> World:
    """All steps done, nothing checked yet."""
    world.apply(world.scope(person))
    return world


def by_place(found: Iterable[Residue]) -> dict[str, int]:
    return {residue.place: residue.rows for residue in found}


def check(world: World) -> dict[str, int]:
    return by_place(world.check())


def treated_again(world: World) -> dict[str, int]:
    """What is left before the check, which then leaves nothing."""
    with world.engine.begin() as connection:
        sealed = connection.scalar(select(book.erasure.c["keys"])) or b""
        keys = VAULT.open_json("closure_erasure ZX-1 keys", sealed)
        work = Work("ZX-1", ROWS, keys, world.files, world.bite, world.clock())
        left = checking.residue(connection, work)
    assert check(world) == {}
    return by_place(left)


def test_nothing_left_forgets_the_keys_and_answers_the_same_again(
    world: World, both_databases: str
) -> None:
    applied(world, CLEAN_SEEKER)
    assert world.system().check("ZX-1", 1) == ()
    assert world.dump(book.metadata)["closure_row"] == {}
    assert world.system().check("ZX-1", 1) == ()


def test_steps_that_are_not_done_are_residue_and_not_done_by_the_check(world: World) -> None:
    steps = world.plan(world.scope(CLEAN_SEEKER))
    before = world.dump()
    left = check(world)
    # Steps without rows are done, but for one whose rows others may come to refer to.
    todo = [step for step in steps if step.rows]
    assert left["steps not done"] == len(todo)
    assert left["resume.identity_id"] == 2
    assert left["stored_file.avatar.disk"] == left["account.own"] == left["account.phone"] == 1
    assert world.dump() == before


def test_without_a_plan_there_is_nothing_to_judge_by(world: World) -> None:
    with pytest.raises(NotPlannedError):
        world.system().check("ZX-1", 1)


def test_residue_keeps_the_keys(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    check(world)
    assert world.dump(book.metadata)["closure_row"]


def test_what_comes_back_each_time_stays_residue(world: World) -> None:
    applied(world, CLEAN_SEEKER)
    back = "UPDATE complaint SET statement = 'back'"
    world.run(text(f"CREATE TRIGGER back AFTER UPDATE ON complaint BEGIN {back}; END"))
    world.run(update(complaint).values(statement=None))
    assert check(world) == {"complaint.raised": 1}
    world.run(text("DROP TRIGGER back"))
    assert check(world) == {}


def test_a_column_that_was_filled_again_is_emptied_again(world: World, both_databases: str) -> None:
    before = world.dump()["complaint"]
    applied(world, CLEAN_SEEKER)
    (key,) = (k for k, row in before.items() if row["complainant_id"] == CLEAN_SEEKER.seeker_id)
    again = update(complaint).where(complaint.c.id == key[0])
    world.run(again.values(statement=CLEAN_SEEKER.name))
    assert treated_again(world) == {"complaint.raised": 1}
    assert world.dump()["complaint"][key]["statement"] is None


def test_a_deleted_row_that_came_back_goes_again(world: World, both_databases: str) -> None:
    late = {"account_id": COINS.id, "service": "微信", "bound_at": world.clock()}
    applied(world, COINS)
    world.run(insert(third_party_binding).values(late))
    assert treated_again(world) == {"third_party_binding.account_id": 1}


def test_an_order_that_arrives_last_is_put_away_without_its_buyer(world: World) -> None:
    late = {"account_id": COINS.id, "number": "ZL1", "what": "服务", "fen": 1, "status": "paid"}
    applied(world, COINS)
    named = {"buyer_name": COINS.name, "ordered_at": world.clock()}
    world.run(insert(service_order).values(late | named))
    assert treated_again(world) == {"service_order.account_id": 1}
    (order,) = (row for row in world.kept() if row["content"].get("number") == "ZL1")
    assert "buyer_name" not in order["content"]


def test_the_persons_number_in_somebody_elses_row_is_emptied(
    world: World, both_databases: str
) -> None:
    applied(world, CLEAN_SEEKER)
    others = interview.c.seeker_id == COINS.seeker_id
    world.run(update(interview).where(others).values(candidate_phone=CLEAN_SEEKER.phone))
    assert treated_again(world) == {"interview.candidate_phone": 4}


def test_a_number_that_somebody_has_registered_since_is_theirs(
    world: World, both_databases: str
) -> None:
    applied(world, CLEAN_SEEKER)
    was = world.dump()["account"][(COINS.id,)]
    new = {"id": "new", "phone": CLEAN_SEEKER.phone, "login_name": f"user_{CLEAN_SEEKER.key}"}
    world.run(insert(account).values(was | new | {"mail": CLEAN_SEEKER.mail}))
    world.run(update(job).where(job.c.title == "司机").values(contact_phone=CLEAN_SEEKER.phone))
    assert treated_again(world) == {}
    assert world.run(select(job.c.contact_phone).where(job.c.title == "司机")) == new["phone"]
    assert world.dump()["account"][("new",)]["phone"] == new["phone"]


def test_a_file_that_is_still_there_is_removed(world: World) -> None:
    path = next(
        row["path"]
        for row in world.dump()["stored_file"].values()
        if row["account_id"] == CLEAN_SEEKER.id
    )
    applied(world, CLEAN_SEEKER)
    (world.files / path).write_bytes(b"back")
    assert treated_again(world) == {"stored_file.avatar.disk": 1}
    assert not (world.files / path).exists()


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
    assert treated_again(world) == {}


def test_sealed_rows_without_an_owner_must_be_sealed(world: World) -> None:
    applied(world, RECRUITER)
    world.run(update(entitlement).where(entitlement.c.status == "sealed").values(status="active"))
    assert treated_again(world) == {"entitlement.recruiter": 2}


def test_a_placeholder_must_be_one(world: World) -> None:
    applied(world, CLEAN_SEEKER)
    again = update(account).where(account.c.id == CLEAN_SEEKER.id)
    world.run(again.values(login_name="somebody"))
    assert treated_again(world) == {"account.own": 1}


def test_residue_names_places_and_never_values(world: World) -> None:
    world.plan(world.scope(CLEAN_SEEKER))
    said = str(world.system().check("ZX-1", 1))
    assert Residue("resume.identity_id", 2).place in said
    assert not [
        value
        for value in (CLEAN_SEEKER.name, CLEAN_SEEKER.phone, CLEAN_SEEKER.mail, CLEAN_SEEKER.id)
        if value in said
    ]


def test_values_unique_to_the_person_are_looked_for_wherever_the_map_says(
    world: World, both_databases: str
) -> None:
    applied(world, CLEAN_SEEKER)
    mine = update(account).where(account.c.id == CLEAN_SEEKER.id)
    world.run(mine.values(phone=CLEAN_SEEKER.phone, mail=CLEAN_SEEKER.mail))
    left = {"account.phone": 1, "account.mail": 1, "account.own": 1}
    assert treated_again(world) == left


def test_names_are_never_looked_for(world: World) -> None:
    applied(world, CLEAN_SEEKER)
    world.run(update(account).where(account.c.id == COINS.id).values(name=CLEAN_SEEKER.name))
    assert treated_again(world) == {}
    assert world.dump()["account"][(COINS.id,)]["name"] == CLEAN_SEEKER.name


def test_keys_that_find_rows_go_last(world: World) -> None:
    """A run that starts again in the middle still finds whose rows these are."""
    names = [step.name for step in world.plan(world.scope(COMPANY_ADMIN))]
    by_id = {part.name for part in MAP.parts if part.by == "id"}
    for part in MAP.parts:
        if part.name in by_id or part.name not in names:
            continue
        owner = "account.own" if part.whose in {"account", "number"} else "identity.own"
        assert names.index(part.name) < names.index(owner)
