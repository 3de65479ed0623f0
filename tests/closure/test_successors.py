"""The SMS to a colleague whom somebody who leaves has named: once, and only while it is true."""

import pytest
from sqlalchemy import select

from portal.accounts.sample.schema.company import membership
from portal.accounts.system import Share
from portal.closure.restore import restore
from portal.closure.retention import forget
from portal.messages.gateway import GatewayError
from portal.services import Services
from portal.store.tables import HandoverOffer, HandoverTold
from portal.store.tasks import Kind
from tests.cast import COMPANY_ADMIN, ONLY_SUPER_ADMIN, RECRUITER
from tests.closure.faults import DiesAt, Down, Killed, mortal, watched
from tests.closure.journeys import submitted, walked, work_on
from tests.closure.sms import last_text, messages, told
from tests.fakes import FakeClock, FakeGateway
from tests.handover.test_naming import ADMIN, BOSS, RETENTION, account_of, names_jobs, offers
from tests.races import at_once
from tests.work import work


def notes(services: Services) -> list[HandoverTold]:
    with services.store.begin() as session:
        return list(session.scalars(select(HandoverTold)))


@pytest.mark.usefixtures("both_databases")
def test_a_colleague_who_is_named_is_told_where_to_answer(services: Services) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]
    text = last_text(services, COMPANY_ADMIN)
    assert f" {services.settings.base_url}/handover " in text
    assert RECRUITER.name[0] not in text


@pytest.mark.usefixtures("both_databases")
def test_named_and_withdrawn_over_and_over_they_are_told_once(services: Services) -> None:
    submitted(services, RECRUITER)
    for to in (ADMIN, None, ADMIN, BOSS, ADMIN):
        names_jobs(services, to)
        work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]
    assert told(services, ONLY_SUPER_ADMIN) == ["successor"]


@pytest.mark.usefixtures("both_databases")
def test_naming_twice_at_once_tells_once(services: Services) -> None:
    submitted(services, RECRUITER)
    names_jobs(services, BOSS)
    at_once(2, lambda _: names_jobs(services, ADMIN))
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


def test_named_before_the_request_they_are_told_with_it(services: Services) -> None:
    walk = walked(services, RECRUITER)
    names_jobs(services, journey=walk.journey)
    work(services)
    assert told(services, COMPANY_ADMIN) == []
    walk.submit(services)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


def test_at_night_it_waits_for_the_morning(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    clock.advance(hours=13)
    names_jobs(services)
    work(services)
    assert told(services, COMPANY_ADMIN) == []
    clock.advance(hours=10)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


def test_withdrawn_before_it_was_sent_nobody_is_told_and_the_next_name_is(
    services: Services,
) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    names_jobs(services, None)
    work(services)
    assert (told(services, COMPANY_ADMIN), notes(services)) == ([], [])
    names_jobs(services)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


def test_restored_nobody_is_told_and_nothing_is_remembered(services: Services) -> None:
    closure = submitted(services, RECRUITER)
    names_jobs(services)
    restore(services, closure.id)
    work(services)
    assert (told(services, COMPANY_ADMIN), notes(services)) == ([], [])


def test_whoever_names_anew_day_after_day_is_no_nuisance(services: Services) -> None:
    for _ in range(5):
        closure = submitted(services, RECRUITER)
        names_jobs(services)
        work(services)
        restore(services, closure.id)
        services.clock.advance(minutes=61)  # type: ignore[attr-defined]
    assert told(services, COMPANY_ADMIN) == ["successor"] * 3


def test_a_colleague_who_has_left_the_company_is_not_told(services: Services) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    with services.accounts._engine.begin() as connection:  # type: ignore[attr-defined]
        mine = membership.c.identity_id == ADMIN
        connection.execute(membership.delete().where(mine))
    work(services)
    assert told(services, COMPANY_ADMIN) == []


def test_while_the_account_system_is_away_it_waits(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    work_on(watched(services, Down("owner")), Kind.MESSAGE)
    clock.advance(minutes=1)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


@pytest.mark.parametrize("moment", range(1, 9))
def test_dying_at_any_moment_it_comes_once_or_is_known_to_be_lost(
    services: Services, clock: FakeClock, moment: int
) -> None:
    submitted(services, RECRUITER)
    work(services)
    names_jobs(services)
    try:
        work_on(mortal(services, DiesAt(moment)), Kind.MESSAGE)
    except Killed:
        clock.advance(minutes=2)
    work(services)
    (message,) = messages(services, "successor")
    assert told(services, COMPANY_ADMIN).count("successor") <= 1
    assert message.state in {"sent", "unknown"}


def test_a_gateway_that_is_away_is_tried_again(
    services: Services, clock: FakeClock, gateway: FakeGateway
) -> None:
    submitted(services, RECRUITER)
    work(services)
    names_jobs(services)
    gateway.failure = GatewayError("THROTTLED", permanent=False)
    work_on(services, Kind.MESSAGE)
    gateway.failure = None
    clock.advance(minutes=1)
    work(services)
    assert told(services, COMPANY_ADMIN) == ["successor"]


def test_given_to_somebody_else_meanwhile_nobody_is_asked(services: Services) -> None:
    closure = submitted(services, RECRUITER)
    work(services)
    names_jobs(services)
    jobs = [Share(offer.kind, offer.key, None) for offer in offers(services)]
    assert services.accounts.hand_over(BOSS, closure.reference, jobs, BOSS, named=False) == ()
    work(services)
    assert (told(services, COMPANY_ADMIN), notes(services)) == ([], [])


@pytest.mark.parametrize("failure", [None, GatewayError("REFUSED", permanent=True)])
def test_what_never_went_out_told_nobody(
    services: Services, clock: FakeClock, gateway: FakeGateway, failure: GatewayError | None
) -> None:
    submitted(services, RECRUITER)
    work(services)
    names_jobs(services)
    if failure is None:
        clock.advance(hours=73)
    gateway.failure = failure
    work_on(services, Kind.MESSAGE)
    assert (told(services, COMPANY_ADMIN), notes(services)) == ([], [])


def test_nothing_of_it_is_left_when_either_has_closed(services: Services, clock: FakeClock) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    work(services)
    assert [one.to_id for one in notes(services)] == [ADMIN]
    clock.advance(hours=109)
    work(services)
    assert notes(services) == []


def test_a_note_that_came_with_the_end_goes_within_the_hour(services: Services) -> None:
    closure = submitted(services, RECRUITER)
    restore(services, closure.id)
    with services.store.begin() as session:
        session.add(HandoverTold(id="late", closure_id=closure.id, to_id=ADMIN))
    forget(services, RETENTION)
    assert notes(services) == []


def test_the_message_itself_does_not_say_whom(services: Services) -> None:
    submitted(services, RECRUITER)
    names_jobs(services)
    (message,) = messages(services, "successor")
    assert message.phone is None
    assert ADMIN not in str(message.facts)
    assert account_of(services, COMPANY_ADMIN).id not in str(message.facts)
    with services.store.begin() as session:
        assert session.scalars(select(HandoverOffer)).first()
