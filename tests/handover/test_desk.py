"""What a company does about what is left: accepting, handing over, two at once."""

import pytest
from sqlalchemy import select

from portal.accounts.system import Left, Member, NotAllowedError, Share
from portal.evidence.ledger import Actor
from portal.handover import desk
from portal.handover.desk import Desk, desks
from portal.services import Services
from portal.store.tables import Event
from tests.cast import COLLEAGUES, COMPANY_ADMIN, ONLY_SUPER_ADMIN, RECRUITER, Person
from tests.closure.journeys import submitted
from tests.handover.test_naming import names_jobs, offers
from tests.races import at_once
from tests.work import work


@pytest.fixture
def leaving(services: Services) -> None:
    """The recruiter's request is in, and access is shut."""
    submitted(services, RECRUITER)
    work(services)


def at(services: Services, person: Person) -> Desk:
    (mine,) = desks(services, person.id)
    return mine


def member(services: Services, person: Person) -> Member:
    return at(services, person).member


def handover_events(services: Services) -> list[tuple[str, str]]:
    with services.store.begin() as session:
        every = session.scalars(select(Event).order_by(Event.seq)).all()
    return [(one.kind, one.actor) for one in every if one.kind.startswith("handover.")]


@pytest.mark.usefixtures("leaving")
def test_a_desk_has_what_is_leaving_and_the_pool(services: Services) -> None:
    departing, pool = at(services, COMPANY_ADMIN).estates
    assert (departing.name, pool.closure, pool.items) == ("唐*", None, ())


@pytest.mark.usefixtures("leaving")
def test_whoever_leaves_has_no_desk(services: Services) -> None:
    assert desks(services, RECRUITER.id) == []


@pytest.mark.usefixtures("leaving", "both_databases")
def test_accepting_twice_at_once_is_accepting_once(services: Services) -> None:
    names_jobs(services)
    ids, me = [one.id for one in offers(services)], member(services, COMPANY_ADMIN)
    answers = at_once(2, lambda _: desk.accept(services, me, ids))
    assert answers == [(), ()]
    assert offers(services) == []
    estate = at(services, COMPANY_ADMIN).estates[0]
    jobs = [item for item in estate.items if item.kind is Left.JOB]
    assert {item.heir.identity_id for item in jobs if item.heir} == {me.identity_id}
    assert all(item.heir for item in jobs)


@pytest.mark.usefixtures("leaving")
def test_nobody_answers_for_somebody_else(services: Services) -> None:
    names_jobs(services)
    ids = [one.id for one in offers(services)]
    boss = member(services, ONLY_SUPER_ADMIN)
    assert desk.accept(services, boss, ids) == ()
    assert desk.decline(services, boss, ids) == 0
    assert len(offers(services)) == 4


@pytest.mark.usefixtures("leaving")
def test_what_an_admin_has_handed_over_waits_for_no_answer_any_more(services: Services) -> None:
    names_jobs(services)
    boss, estate = member(services, ONLY_SUPER_ADMIN), at(services, ONLY_SUPER_ADMIN).estates[0]
    jobs = [Share(item.kind, item.key) for item in estate.items if item.kind is Left.JOB]
    assert desk.hand_over(services, boss, estate, jobs, boss.identity_id) == ()
    assert at(services, COMPANY_ADMIN).named == ()
    assert handover_events(services)[-1] == ("handover.assigned", Actor.COMPANY)


@pytest.mark.usefixtures("leaving")
def test_a_stranger_can_do_nothing_even_with_the_estate_in_hand(services: Services) -> None:
    estate = at(services, COMPANY_ADMIN).estates[0]
    stranger = member(services, COLLEAGUES[0])
    shares = [Share(item.kind, item.key) for item in estate.items]
    with pytest.raises(NotAllowedError):
        desk.hand_over(services, stranger, estate, shares, stranger.identity_id)
    with pytest.raises(NotAllowedError):
        desk.take_back(services, stranger, estate, shares)
    assert handover_events(services) == []
