from portal.accounts.sample.people import settle
from portal.accounts.system import Holdings
from tests.accounts.world import World
from tests.cast import BUSY, CLEAN_SEEKER, COLLEAGUES, NOT_REGISTERED, PEOPLE, Person


def test_everybody_in_the_cast_can_be_found(world: World) -> None:
    system = world.system()
    found = [system.find(person.phone) for person in PEOPLE]
    assert [account and account.id for account in found] == [person.id for person in PEOPLE]


def test_one_number_is_registered_by_nobody(world: World) -> None:
    assert world.system().find(NOT_REGISTERED) is None


def test_settling_again_changes_nothing(world: World) -> None:
    before = world.dump()
    settle(world.engine, world.files, world.clock.advance(days=3))
    assert world.dump() == before


def _holdings(world: World, person: Person) -> Holdings:
    return world.system().holdings(world.scope(person), shared_jobs_too=False)


def test_a_usual_person_has_200_rows_and_the_busy_one_1000(world: World) -> None:
    sizes = [
        sum(category.rows or 0 for category in _holdings(world, one).categories)
        for one in (CLEAN_SEEKER, BUSY)
    ]
    assert 190 <= sizes[0] <= 220
    assert 1000 <= sizes[1] <= 1020


def test_a_name_stands_in_its_owners_texts_only(world: World) -> None:
    tables = world.dump()
    for message in tables["chat_message"].values():
        owner = tables["identity"][(message["sender_id"],)]["account_id"]
        named = [one.id for one in (*PEOPLE, *COLLEAGUES) if one.name in message["text"]]
        assert named == [owner]
