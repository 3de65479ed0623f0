import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from portal.accounts.sample.schema.account import account, freeze, identity, session
from portal.accounts.sql.bookkeeping import fence
from portal.accounts.system import Scope, StaleEpochError
from tests import cast
from tests.accounts.world import World


def can_sign_in(world: World, person: cast.Person) -> bool:
    return bool(world.run(select(account.c.can_sign_in).where(account.c.id == person.id)))


def statuses(world: World, person: cast.Person) -> dict[str, str]:
    with world.engine.begin() as connection:
        mine = select(identity.c.id, identity.c.status).where(identity.c.account_id == person.id)
        return {row.id: row.status for row in connection.execute(mine)}


def open_sessions(world: World, identity_id: str) -> int:
    with world.engine.begin() as connection:
        mine = select(session).where(session.c.identity_id == identity_id)
        return len(connection.execute(mine.where(session.c.ended_at.is_(None))).all())


def set_access(world: World, scope: Scope, frozen: bool, epoch: int, closure: str = "ZX-1") -> None:
    world.system().set_access(closure, scope, frozen=frozen, epoch=epoch)


def test_freezing_shuts_signing_in_sessions_and_search(world: World, both_databases: str) -> None:
    who = cast.CLEAN_SEEKER
    assert open_sessions(world, who.seeker_id) == 3
    set_access(world, world.scope(who), True, 1)
    assert not can_sign_in(world, who)
    assert statuses(world, who) == {who.seeker_id: "frozen"}
    assert open_sessions(world, who.seeker_id) == 0


def test_lifting_opens_again(world: World, both_databases: str) -> None:
    who = cast.MANY_IDENTITIES
    scope = world.scope(who)
    set_access(world, scope, True, 1)
    set_access(world, scope, False, 2)
    assert can_sign_in(world, who)
    assert set(statuses(world, who).values()) == {"active"}


def test_freezing_twice_makes_one_freeze(world: World) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    set_access(world, scope, True, 1)
    set_access(world, scope, True, 1)
    with world.engine.begin() as connection:
        own = connection.execute(select(freeze).where(freeze.c.owner == "closure:ZX-1")).all()
    assert len(own) == 1


def test_one_identity_frozen_leaves_account_and_other_identities_open(world: World) -> None:
    who, closing = cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1002)
    set_access(world, world.scope(who, closing), True, 1)
    frozen = {one for one, status in statuses(world, who).items() if status == "frozen"}
    assert frozen == {closing}
    assert can_sign_in(world, who)
    assert open_sessions(world, closing) == 0
    assert open_sessions(world, who.seeker_id) == 3


@pytest.mark.parametrize("person", [cast.DISPUTE_FROZEN, cast.PENALTY_FROZEN])
def test_another_owners_freeze_stays_and_keeps_the_account_shut(
    world: World, person: cast.Person
) -> None:
    scope = world.scope(person)
    others = [row for row in world.dump()["freeze"].values() if row["account_id"] == person.id]
    set_access(world, scope, True, 1)
    set_access(world, scope, False, 2)
    after = world.dump()["freeze"].values()
    assert others
    assert all(row in after for row in others)
    assert not can_sign_in(world, person)
    assert set(statuses(world, person).values()) == {"frozen"}


def test_a_freeze_that_came_meanwhile_keeps_one_identity_shut(world: World) -> None:
    who = cast.MANY_IDENTITIES
    scope = world.scope(who)
    set_access(world, scope, True, 1)
    held = {"identity_id": who.seeker_id, "owner": "dispute", "since": world.clock()}
    world.run(insert(freeze).values(held))
    set_access(world, scope, False, 2)
    assert can_sign_in(world, who)
    assert statuses(world, who)[who.seeker_id] == "frozen"


def test_lifting_what_was_never_frozen_opens_nothing(world: World) -> None:
    who = cast.CLEAN_SEEKER
    world.run(update(account).where(account.c.id == who.id).values(can_sign_in=False))
    set_access(world, world.scope(who), False, 1)
    assert not can_sign_in(world, who)


def test_an_older_demand_that_arrives_late_is_refused(world: World, both_databases: str) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    set_access(world, scope, False, 6)
    with pytest.raises(StaleEpochError):
        set_access(world, scope, True, 5)
    assert can_sign_in(world, cast.CLEAN_SEEKER)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4)), min_size=1, max_size=6))
def test_the_newest_demand_wins_in_whatever_order_they_arrive(
    world: World, arrivals: list[tuple[bool, int]]
) -> None:
    who, scope = cast.CLEAN_SEEKER, world.scope(cast.CLEAN_SEEKER)
    world.system()
    world.run(delete(freeze).where(freeze.c.account_id == who.id))
    world.run(update(account).where(account.c.id == who.id).values(can_sign_in=True))
    world.run(update(fence).values(epoch=0))
    last, highest = False, 0
    for frozen, epoch in arrivals:
        if epoch >= highest:
            set_access(world, scope, frozen, epoch)
            last, highest = frozen, epoch
        else:
            with pytest.raises(StaleEpochError):
                set_access(world, scope, frozen, epoch)
    assert can_sign_in(world, who) is not last


def test_once_erasing_has_begun_nothing_opens_again(world: World) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    world.plan(scope)
    set_access(world, scope, False, 9)
    assert not can_sign_in(world, cast.CLEAN_SEEKER)


def test_a_freeze_that_arrives_after_erasing_leaves_no_row(world: World) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    world.erase(scope)
    before = world.dump()
    set_access(world, scope, True, 9)
    assert world.dump() == before


def test_the_freezes_of_closures_are_told_and_no_others(world: World, both_databases: str) -> None:
    system = world.system()
    assert system.frozen() == ()
    for closure, person in (("ZX-2", cast.CLEAN_SEEKER), ("ZX-1", cast.MANY_IDENTITIES)):
        system.set_access(closure, world.scope(person), frozen=True, epoch=1)
    assert system.frozen() == ("ZX-1", "ZX-2")
    system.set_access("ZX-1", world.scope(cast.MANY_IDENTITIES), frozen=False, epoch=2)
    assert system.frozen() == ("ZX-2",)
    world.erase(world.scope(cast.CLEAN_SEEKER), "ZX-2")
    assert system.frozen() == ()
