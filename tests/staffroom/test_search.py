"""By reference, or by the whole phone number, which is kept nowhere."""

import pytest
from sqlalchemy import select

from portal.closure.restore import restore
from portal.helpdesk.conversation import Reach
from portal.identity.phone import PhoneError
from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.search import search
from portal.store.tables import Closure, Event
from tests.cast import CLEAN_SEEKER, COINS, NOT_REGISTERED
from tests.closure.journeys import submitted, verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import asked
from tests.logged import logged


def test_a_reference_however_it_was_typed(services: Services, closure: Closure, li: Member) -> None:
    written = closure.reference
    for typed in (written, written.lower(), written.replace("-", " "), written[3:]):
        assert [one.id for one in search(services, li, typed).closures] == [closure.id]
    assert search(services, li, "ZX-22222-22222").closures == ()


def test_a_phone_finds_all_closures_of_its_account(
    services: Services, closure: Closure, li: Member
) -> None:
    restore(services, closure.id)
    submitted(services, COINS)
    found = search(services, li, "199 0000 0001")
    assert [one.id for one in found.closures] == [closure.id]
    assert (found.account_id, found.masked) == (CLEAN_SEEKER.id, "199****0001")


def test_a_number_that_nobody_registered(services: Services, li: Member) -> None:
    found = search(services, li, NOT_REGISTERED)
    assert (found.closures, found.account_id) == ((), None)


def test_a_help_case_by_its_number_however_it_was_typed(services: Services, li: Member) -> None:
    case = asked(services).case
    written = case.reference
    for typed in (written, written.lower(), written.replace("-", " "), written[3:]):
        found = search(services, li, typed)
        assert ([one.id for one in found.cases], found.closures) == ([case.id], ())
    assert search(services, li, f"ZX{written[2:]}").cases == ()


def test_a_phone_finds_what_its_owner_asked_and_what_was_asked_under_it(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    clock.advance(minutes=2)
    proved = asked(services, [verified(services, CLEAN_SEEKER)]).case
    clock.advance(minutes=2)
    written = asked(services).case
    asked(services, [verified(services, COINS)], number=COINS.phone)
    found = search(services, li, CLEAN_SEEKER.phone)
    assert [one.id for one in found.cases] == [written.id, proved.id]
    assert [bool(one.account_digest) for one in found.cases] == [False, True]
    assert [one.id for one in found.closures] == [closure.id]


def test_the_number_to_ring_is_found_where_no_other_was_asked_for(
    services: Services, li: Member
) -> None:
    case = asked(services, number=None, reach=Reach.PHONE, contact="138 0013 8000").case
    assert [one.id for one in search(services, li, "13800138000").cases] == [case.id]


@pytest.mark.parametrize("contact", ["010-12345678", "SENTINEL@example.com"])
def test_what_is_no_mobile_is_found_by_its_number_only(
    services: Services, li: Member, contact: str
) -> None:
    case = asked(services, number=None, reach=Reach.PHONE, contact=contact).case
    assert case.number is None
    assert [one.id for one in search(services, li, case.reference).cases] == [case.id]


@pytest.mark.parametrize("typed", ["0001", "19900", "林晓禾", "ZX-1"])
def test_nothing_is_found_by_a_part(services: Services, li: Member, typed: str) -> None:
    with pytest.raises(PhoneError):
        search(services, li, typed)


def test_looking_for_a_person_is_told_without_the_person(services: Services, li: Member) -> None:
    with logged() as log:
        search(services, li, CLEAN_SEEKER.phone)
    with services.store.begin() as session:
        event = session.scalars(select(Event).order_by(Event.seq.desc()).limit(1)).one()
    assert (event.kind, event.actor, event.facts) == ("evidence.looked", li.actor, {"by": "phone"})
    assert CLEAN_SEEKER.phone[3:] not in log.text
