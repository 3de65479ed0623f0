"""The hourly forgetting of what was only needed for a while."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.closure.restore import restore
from portal.closure.retention import expire_kept, forget
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Kind, read
from portal.services import Services
from portal.store.tables import Challenge, Closure, DataKey, Journey, Message, SignIn
from portal.store.tasks import Claim
from portal.store.tasks import Kind as Task
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import accepted, events_of, submitted, verified, walked
from tests.fakes import FakeClock
from tests.work import work

CLAIM = Claim("any", Task.RETENTION, "portal", epoch=1, attempts=0)


def rows(services: Services, table: type) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_it_is_due_again_in_an_hour(services: Services, clock: FakeClock) -> None:
    assert forget(services, CLAIM) == clock() + timedelta(hours=1)


@pytest.mark.usefixtures("both_databases")
def test_a_draft_is_forgotten_after_24_hours(services: Services, clock: FakeClock) -> None:
    accepted(services)
    clock.advance(hours=24, seconds=-1)
    forget(services, CLAIM)
    assert rows(services, Journey) == 1
    clock.advance(seconds=1)
    forget(services, CLAIM)
    assert rows(services, Journey) == 0


def test_an_abandoned_journeys_business_dies_and_its_consent_can_be_proved(
    services: Services, clock: FakeClock
) -> None:
    journey = walked(services, COINS).journey
    clock.advance(hours=24)
    forget(services, CLAIM)
    events = {event.kind: event for event in events_of(services, journey)}
    with services.store.begin() as session:
        assert read(session, services.vault, events[Kind.NOTICE_ACCEPTED], Purpose.EVIDENCE)
        with pytest.raises(KeyDestroyedError):
            read(session, services.vault, events[Kind.CONDITIONS_CONFIRMED], Purpose.BUSINESS)


def test_a_submitted_journey_is_kept_with_both_keys(services: Services, clock: FakeClock) -> None:
    submitted(services, COINS)
    clock.advance(days=4)
    forget(services, CLAIM)
    assert (rows(services, Journey), rows(services, DataKey)) == (1, 2)


def test_codes_sign_ins_and_sent_messages_are_forgotten(
    services: Services, clock: FakeClock
) -> None:
    verified(services, CLEAN_SEEKER)
    clock.advance(hours=25)
    forget(services, CLAIM)
    assert [rows(services, table) for table in (Challenge, SignIn, Message)] == [0, 0, 0]


def test_closures_stay(services: Services, clock: FakeClock) -> None:
    restore(services, submitted(services, CLEAN_SEEKER).id)
    work(services)
    clock.advance(days=400)
    forget(services, CLAIM)
    assert rows(services, Closure) == 1


def keys_left(services: Services) -> set[str]:
    with services.store.begin() as session:
        return set(session.scalars(select(DataKey.purpose)))


@pytest.mark.usefixtures("both_databases")
def test_who_agreed_can_be_read_until_the_evidence_term_is_over(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    clock.at(closure.erase_at)
    work(services)
    closed_at = clock()
    assert keys_left(services) == {Purpose.EVIDENCE}
    clock.at(closed_at + services.settings.evidence_term - timedelta(seconds=1))
    forget(services, CLAIM)
    assert keys_left(services) == {Purpose.EVIDENCE}
    clock.advance(seconds=1)
    forget(services, CLAIM)
    assert keys_left(services) == set()


def test_what_led_to_no_closing_is_silent_after_the_same_term(
    services: Services, clock: FakeClock
) -> None:
    restore(services, submitted(services, CLEAN_SEEKER).id)
    assert keys_left(services) == {Purpose.EVIDENCE, Purpose.BUSINESS}
    clock.at(clock() + services.settings.evidence_term)
    forget(services, CLAIM)
    assert keys_left(services) == set()


def test_rows_kept_by_law_go_a_bite_at_once_and_then_daily(
    services: Services, clock: FakeClock
) -> None:
    assert expire_kept(services, CLAIM) == clock() + timedelta(hours=24)
    unfinished = replace(services, accounts=Unfinished())
    assert expire_kept(unfinished, CLAIM) == clock()


class Unfinished:
    """An account system that has more to do."""

    def expire(self) -> None:
        return None
