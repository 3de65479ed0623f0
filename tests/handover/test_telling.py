"""What was handed over is told to the ledger once, however the process ends that did it."""

import pytest
from sqlalchemy import select

from portal.accounts.system import Did, Left, Member, Share
from portal.closure.sweep import sweep
from portal.evidence.ledger import Kind
from portal.handover import desk
from portal.handover.desk import desks
from portal.handover.telling import POOL, settle
from portal.services import Services
from portal.store.tables import Closure, Event
from tests.cast import COMPANY_ADMIN, RECRUITER
from tests.closure.faults import DiesAt, Down, Killed, mortal, watched
from tests.closure.journeys import submitted
from tests.fakes import FakeClock
from tests.handover.test_naming import ADMIN, names_jobs, offers
from tests.races import at_once
from tests.work import work

MOMENTS = range(1, 13)


@pytest.fixture
def leaving(services: Services) -> Closure:
    closure = submitted(services, RECRUITER)
    work(services)
    return closure


def tidy(services: Services) -> None:
    """The hourly work."""
    sweep(services)
    work(services)


def told(services: Services) -> list[Event]:
    mine = Event.kind.startswith("handover.") & (Event.kind != Kind.SUCCESSOR_NAMED)
    with services.store.begin() as session:
        return list(session.scalars(select(Event).where(mine).order_by(Event.seq)))


def me(services: Services) -> Member:
    return desks(services, COMPANY_ADMIN.id)[0].member


def jobs_taken(services: Services) -> int:
    (mine,) = desks(services, COMPANY_ADMIN.id)
    items = [one for estate in mine.estates for one in estate.items if one.kind is Left.JOB]
    return sum(1 for one in items if one.heir and one.heir.identity_id == ADMIN)


def gives_jobs(services: Services) -> None:
    (mine,) = desks(services, COMPANY_ADMIN.id)
    estate = next(one for one in mine.estates if one.items)
    jobs = [Share(one.kind, one.key) for one in estate.items if one.kind is Left.JOB]
    desk.hand_over(services, mine.member, estate, jobs, ADMIN)


def takes_back(services: Services) -> None:
    (mine,) = desks(services, COMPANY_ADMIN.id)
    estate = next(one for one in mine.estates if one.items)
    jobs = [Share(one.kind, one.key) for one in estate.items if one.kind is Left.JOB]
    desk.take_back(services, mine.member, estate, jobs)


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("moment", MOMENTS)
def test_dying_at_any_moment_what_was_given_is_told_once(
    services: Services, clock: FakeClock, leaving: Closure, moment: int
) -> None:
    try:
        gives_jobs(mortal(services, DiesAt(moment)))
    except Killed:
        clock.advance(hours=1)
    tidy(services)
    events = told(services)
    assert [one.facts for one in events] == ([{"job": 4}] if jobs_taken(services) else [])
    assert {one.journey_id for one in events} <= {leaving.journey_id}
    assert services.accounts.untold() == ()


@pytest.mark.parametrize("moment", MOMENTS)
def test_dying_at_any_moment_what_was_undone_is_told_once(
    services: Services, clock: FakeClock, leaving: Closure, moment: int
) -> None:
    gives_jobs(services)
    try:
        takes_back(mortal(services, DiesAt(moment)))
    except Killed:
        clock.advance(hours=1)
    tidy(services)
    kinds = [one.kind for one in told(services)]
    undone = [] if jobs_taken(services) else [Kind.TAKEN_BACK]
    assert kinds == [Kind.HANDED_OVER, *undone]


@pytest.mark.usefixtures("leaving")
def test_accepting_is_told_as_that(services: Services) -> None:
    names_jobs(services)
    desk.accept(services, me(services), [one.id for one in offers(services)])
    assert [one.kind for one in told(services)] == [Kind.SUCCESSOR_ACCEPTED]


@pytest.mark.usefixtures("leaving")
def test_where_nothing_was_done_nothing_is_told(services: Services) -> None:
    gives_jobs(services)
    gives_jobs(services)
    takes_back(services)
    takes_back(services)
    assert [one.kind for one in told(services)] == [Kind.HANDED_OVER, Kind.TAKEN_BACK]


@pytest.mark.usefixtures("leaving")
def test_while_it_can_not_be_asked_the_act_stands_and_is_told_later(
    services: Services, clock: FakeClock
) -> None:
    gives_jobs(watched(services, Down("untold")))
    assert (jobs_taken(services), told(services)) == (4, [])
    at = clock()
    clock.advance(hours=1)
    tidy(services)
    (event,) = told(services)
    assert event.at == at


@pytest.mark.usefixtures("leaving", "both_databases")
def test_several_who_tell_at_once_tell_once(services: Services) -> None:
    gives_jobs(watched(services, Down("untold")))
    at_once(4, lambda _: settle(services))
    assert len(told(services)) == 1


def test_out_of_the_pool_it_belongs_to_no_closure(
    services: Services, clock: FakeClock, leaving: Closure
) -> None:
    clock.advance(hours=109)
    work(services)
    gives_jobs(services)
    (event,) = told(services)
    assert (event.journey_id, event.kind) == (POOL, Kind.HANDED_OVER)
    assert event.journey_id != leaving.journey_id


@pytest.mark.usefixtures("leaving")
def test_a_deed_says_how_many_and_not_whose(services: Services) -> None:
    gives_jobs(watched(services, Down("untold")))
    (deed,) = services.accounts.untold()
    assert (deed.did, deed.counts) == (Did.GAVE, {"job": 4})
    assert ADMIN not in repr(deed)
