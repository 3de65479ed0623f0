"""Names for what is left: who may give them, and when they are forgotten (二.3.2)."""

import pytest
from sqlalchemy import select

from portal.accounts.system import Account, Left
from portal.closure.restore import restore
from portal.closure.retention import forget
from portal.evidence.ledger import Actor, Kind
from portal.handover.naming import leaving, name
from portal.services import Services
from portal.store.tables import HandoverOffer, Journey
from portal.store.tasks import Claim
from portal.store.tasks import Kind as Task
from tests.cast import COMPANY_ADMIN, MANY_IDENTITIES, ONLY_SUPER_ADMIN, RECRUITER, Person
from tests.closure.journeys import events_of, submitted, walked
from tests.fakes import FakeClock
from tests.work import work

ADMIN = COMPANY_ADMIN.recruiter_id(1001)
BOSS = ONLY_SUPER_ADMIN.recruiter_id(1001)
RETENTION = Claim("any", Task.RETENTION, "portal", epoch=1, attempts=0)


def account_of(services: Services, person: Person = RECRUITER) -> Account:
    account = services.accounts.account(person.id)
    assert account
    return account


def names_jobs(services: Services, to: str | None = ADMIN, journey: Journey | None = None) -> bool:
    account = account_of(services)
    (leaver,) = leaving(services, account, journey)
    jobs = [item for item in leaver.estate.items if item.kind is Left.JOB]
    return name(services, account, journey, leaver, jobs, to)


def offers(services: Services) -> list[HandoverOffer]:
    with services.store.begin() as session:
        return list(session.scalars(select(HandoverOffer)))


@pytest.mark.usefixtures("both_databases")
def test_naming_again_replaces_and_nobody_withdraws(services: Services) -> None:
    submitted(services, RECRUITER)
    assert names_jobs(services)
    assert names_jobs(services, BOSS)
    assert {one.to_id for one in offers(services)} == {BOSS}
    assert names_jobs(services, None)
    assert offers(services) == []


def test_the_ledger_has_counts_and_no_names(services: Services) -> None:
    closure = submitted(services, RECRUITER)
    names_jobs(services)
    event = events_of(services, closure)[-1]
    assert (event.kind, event.actor) == (Kind.SUCCESSOR_NAMED, Actor.PERSON)
    assert event.facts == {"job": 4}
    assert (event.business, event.evidence) == (None, None)


def test_the_colleague_must_still_be_one(services: Services) -> None:
    submitted(services, RECRUITER)
    account = account_of(services)
    (leaver,) = leaving(services, account, None)
    assert RECRUITER.recruiter_id(1001) not in {one.identity_id for one in leaver.colleagues}
    assert not name(services, account, None, leaver, leaver.estate.items, "somebody else")


def test_whoever_is_neither_closing_nor_about_to_has_nothing_to_name(services: Services) -> None:
    assert leaving(services, account_of(services), None) == []


def test_only_the_sides_that_close_are_asked_about(services: Services) -> None:
    side = MANY_IDENTITIES.recruiter_id(1002)
    submitted(services, MANY_IDENTITIES, side)
    mine = leaving(services, account_of(services, MANY_IDENTITIES), None)
    assert [one.identity_id for one in mine] == [side]


def test_names_go_when_the_closure_ends(services: Services) -> None:
    closure = submitted(services, RECRUITER)
    names_jobs(services)
    restore(services, closure.id)
    assert offers(services) == []


def test_names_go_when_it_is_closed(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    clock.advance(hours=109)
    work(services)
    assert offers(services) == []


def test_names_go_when_the_named_one_is_closed(services: Services, clock: FakeClock) -> None:
    submitted(services, COMPANY_ADMIN)
    clock.advance(hours=12)
    submitted(services, RECRUITER)
    account = account_of(services)
    (leaver,) = leaving(services, account, None)
    names_jobs(services, BOSS)
    with services.store.begin() as session:
        for one in session.scalars(select(HandoverOffer)):
            one.to_id = ADMIN
    clock.advance(hours=97)
    work(services)
    assert offers(services) == []
    assert leaver.offers == {}


def test_names_for_a_request_that_was_never_made_go_after_a_day(
    services: Services, clock: FakeClock
) -> None:
    walk = walked(services, RECRUITER)
    assert names_jobs(services, journey=walk.journey)
    clock.advance(hours=24, seconds=-1)
    forget(services, RETENTION)
    assert len(offers(services)) == 4
    clock.advance(seconds=1)
    forget(services, RETENTION)
    assert offers(services) == []


def test_names_of_an_open_closure_stay(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    clock.advance(hours=30)
    forget(services, RETENTION)
    assert len(offers(services)) == 4


def test_once_erasing_has_begun_nothing_is_named(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    account = account_of(services)
    (leaver,) = leaving(services, account, None)
    clock.advance(hours=109)
    work(services)
    assert not name(services, account, None, leaver, leaver.estate.items, ADMIN)
