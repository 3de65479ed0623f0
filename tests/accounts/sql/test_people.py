from sqlalchemy import insert

from portal.accounts.sample.schema.account import identity
from portal.accounts.sql import people
from portal.accounts.system import Role
from tests.accounts.world import World
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES


def test_an_account_comes_with_its_identities_and_their_companies(world: World) -> None:
    account = world.system().find(MANY_IDENTITIES.phone)
    assert account is not None
    assert account.identities[0].role is Role.SEEKER
    assert {(one.role, one.company) for one in account.identities} == {
        (Role.SEEKER, None),
        (Role.RECRUITER, "上海云帆教育咨询有限公司"),
        (Role.RECRUITER, "深圳远山物流有限公司"),
    }


def test_an_account_is_found_by_its_id_too(world: World) -> None:
    system = world.system()
    assert system.account(CLEAN_SEEKER.id) == system.find(CLEAN_SEEKER.phone)


def test_an_identity_leads_to_its_account(world: World) -> None:
    system, side = world.system(), MANY_IDENTITIES.recruiter_id(1002)
    assert system.owner(side) == system.find(MANY_IDENTITIES.phone)
    assert system.owner("nobody's") is None
    world.erase(world.scope(MANY_IDENTITIES))
    assert system.owner(side) is None


def test_a_closed_account_is_not_there_any_more(world: World) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    assert world.system().find(CLEAN_SEEKER.phone) is None
    assert world.system().account(CLEAN_SEEKER.id) is None


def test_keys_name_the_account_only_when_it_closes_as_a_whole(world: World) -> None:
    recruiter = MANY_IDENTITIES.recruiter_id(1002)
    one, every = world.scope(MANY_IDENTITIES, recruiter), world.scope(MANY_IDENTITIES)
    with world.engine.begin() as connection:
        part, whole = people.keys(connection, one), people.keys(connection, every)
    assert part == {
        "account": [],
        "identity": [recruiter],
        "seeker": [],
        "recruiter": [recruiter],
        "number": [],
        "mail": [],
    }
    assert whole["account"] == [MANY_IDENTITIES.id]
    assert whole["number"] == [MANY_IDENTITIES.phone]
    assert whole["mail"] == [MANY_IDENTITIES.mail]
    assert whole["seeker"] == [MANY_IDENTITIES.seeker_id]
    assert len(whole["identity"]) == 3


def test_the_whole_account_takes_an_identity_along_that_came_since(world: World) -> None:
    scope = world.scope(CLEAN_SEEKER)
    row = world.dump()["identity"][(CLEAN_SEEKER.seeker_id,)]
    world.run(insert(identity).values({**row, "id": "new", "role": Role.RECRUITER}))
    with world.engine.begin() as connection:
        assert people.keys(connection, scope)["recruiter"] == ["new"]


def test_keys_never_name_another_accounts_identity(world: World) -> None:
    foreign = world.scope(CLEAN_SEEKER, MANY_IDENTITIES.seeker_id)
    with world.engine.begin() as connection:
        assert not any(people.keys(connection, foreign).values())
