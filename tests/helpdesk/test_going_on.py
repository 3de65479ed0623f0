"""A case that two vouched for opens its account once, for one journey, and the ledger says so."""

import pytest
from sqlalchemy import update

from portal.closure import vouching
from portal.closure.help_ties import account_of
from portal.closure.verify import Verified, bind_signed_in
from portal.evidence.ledger import Kind, Purpose, read
from portal.helpdesk.going_on import go_on
from portal.identity import sign_in
from portal.identity.sign_in import Visitor
from portal.language import Language
from portal.services import Services
from portal.store.tables import Closure, HelpCase, Journey
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import (
    Walked,
    accepted,
    confirm,
    events_of,
    journey_of,
    send_messages,
    submitted,
)
from tests.fakes import FakeClock, FakeGateway
from tests.helpdesk.cases import FIRST, SECOND, asked, followed, vouched_for
from tests.races import at_once
from tests.work import work


@pytest.fixture
def case(services: Services) -> HelpCase:
    case = asked(services).case
    vouched_for(services, case, CLEAN_SEEKER)
    return followed(services, case).case


def visitor_of(services: Services, verified: Verified) -> Visitor:
    with services.store.begin() as session:
        visitor = sign_in.look_up(session, verified.token, services.clock())
    assert visitor
    return visitor


def gone_on(services: Services, case: HelpCase, journey_token: str | None = None) -> Verified:
    verified = go_on(services, case, journey_token, None)
    assert verified
    return verified


@pytest.mark.usefixtures("both_databases")
def test_the_person_is_signed_in_as_the_account(services: Services, case: HelpCase) -> None:
    visitor = visitor_of(services, gone_on(services, case))
    assert (visitor.account_id, visitor.case_id) == (CLEAN_SEEKER.id, case.id)
    assert account_of(services.vault, case) == CLEAN_SEEKER.id


@pytest.mark.usefixtures("both_databases")
def test_it_is_valid_once_also_at_once(services: Services, case: HelpCase) -> None:
    answers = at_once(8, lambda _: go_on(services, case, None, None))
    assert sum(answer is not None for answer in answers) == 1


def test_it_is_valid_for_24_hours(services: Services, case: HelpCase, clock: FakeClock) -> None:
    assert followed(services, case).pass_until == clock() + vouching.LIFE
    clock.advance(hours=24)
    assert followed(services, case).pass_until is None
    assert go_on(services, case, None, None) is None


def test_without_two_who_vouched_there_is_no_way_on(services: Services) -> None:
    assert go_on(services, asked(services).case, None, None) is None


def test_the_ledger_says_by_whom_and_what_was_compared(services: Services, case: HelpCase) -> None:
    token = accepted(services)
    gone_on(services, case, token)
    journey = journey_of(services, token)
    event = events_of(services, journey)[-1]
    assert event.kind == Kind.HELP_VERIFIED
    assert event.facts == {
        "method": "help",
        "case": case.reference,
        "by": FIRST,
        "second": SECOND,
    }
    with services.store.begin() as session:
        evidence = read(session, services.vault, event, Purpose.EVIDENCE)
    assert evidence == {"account": CLEAN_SEEKER.id, "compared": ["姓名一致", "投递记录一致"]}
    assert Kind.CODE_VERIFIED not in {one.kind for one in events_of(services, journey)}


def test_agreeing_afterwards_says_the_same(services: Services, case: HelpCase) -> None:
    visitor = visitor_of(services, gone_on(services, case))
    token = accepted(services)
    bind_signed_in(services, token, visitor)
    journey = journey_of(services, token)
    assert journey.account_id == CLEAN_SEEKER.id
    assert events_of(services, journey)[-1].kind == Kind.HELP_VERIFIED


def walked(services: Services, visitor: Visitor) -> Journey:
    bind_signed_in(services, token := accepted(services), visitor)
    return journey_of(services, token)


def test_it_is_good_for_one_journey_only(services: Services, case: HelpCase) -> None:
    visitor = visitor_of(services, gone_on(services, case))
    account = services.accounts.account(CLEAN_SEEKER.id)
    assert account
    journey = walked(services, visitor)
    confirm(services, journey, account)
    with services.store.begin() as session:
        journey = session.get_one(Journey, journey.id)
    assert Walked(journey, account, visitor).submit(services).account_id == CLEAN_SEEKER.id
    assert walked(services, visitor).account_id is None


def test_a_journey_of_somebody_else_stays_theirs(services: Services, case: HelpCase) -> None:
    token = accepted(services)
    other = asked(services).case
    vouched_for(services, other, COINS)
    gone_on(services, other, token)
    gone_on(services, case, token)
    assert journey_of(services, token).account_id == COINS.id


def test_whoever_has_the_phone_is_told(
    services: Services, case: HelpCase, gateway: FakeGateway
) -> None:
    gone_on(services, case)
    send_messages(services)
    ((phone, text),) = gateway.sent
    assert phone == CLEAN_SEEKER.phone
    assert case.reference in text
    assert "如非本人操作" in text


@pytest.mark.parametrize("agreed", [None, *Language])
def test_they_are_told_in_the_language_of_their_closure_else_of_the_page(
    services: Services, case: HelpCase, gateway: FakeGateway, agreed: Language | None
) -> None:
    if agreed:
        submitted(services, CLEAN_SEEKER)
        with services.store.begin() as session:
            session.execute(update(Closure).values(language=agreed))
        work(services)
    go_on(services, case, None, None, Language.ENGLISH)
    send_messages(services)
    said = "如非本人操作" if agreed is Language.CHINESE else "Not you?"
    assert said in gateway.sent[-1][1]


def test_it_is_no_fresh_code(services: Services, case: HelpCase, clock: FakeClock) -> None:
    assert not sign_in.fresh(visitor_of(services, gone_on(services, case)), clock())


def test_who_writes_then_has_not_given_a_code(services: Services, case: HelpCase) -> None:
    visitor = visitor_of(services, gone_on(services, case))
    other = asked(services, [visitor]).case
    assert followed(services, other).details.proved == "case"
    assert account_of(services.vault, other) == CLEAN_SEEKER.id


def test_an_open_closure_is_found(services: Services, case: HelpCase) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    assert gone_on(services, case).reference == closure.reference


def test_a_pass_granted_anew_does_not_revive_an_old_sign_in(
    services: Services, case: HelpCase, clock: FakeClock
) -> None:
    old = visitor_of(services, gone_on(services, case))
    vouched_for(services, case, CLEAN_SEEKER)
    bind_signed_in(services, token := accepted(services), old)
    assert journey_of(services, token).account_id is None
