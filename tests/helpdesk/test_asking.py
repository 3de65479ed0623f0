"""Asking for help makes one case, tied to what was proved and to nothing else."""

import pytest
from sqlalchemy import func, select

from portal.closure import help_ties
from portal.closure.help_ties import State
from portal.evidence.ledger import Kind
from portal.helpdesk import asking
from portal.helpdesk.topics import Topic
from portal.identity import private_link, sign_in
from portal.identity.limits import LimitedError
from portal.identity.sign_in import Visitor
from portal.services import Services
from portal.store.tables import HelpCase
from portal.store.vault import token_hash
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import submitted, verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import SENTINEL, asked, followed, texts, told
from tests.races import at_once


def cases(services: Services) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(HelpCase)) or 0


def by_link(services: Services, closure_id: str) -> Visitor:
    with services.store.begin() as session:
        token = sign_in.open_link(session, closure_id, services.clock())
        visitor = sign_in.look_up(session, token, services.clock())
    assert visitor
    return visitor


@pytest.mark.usefixtures("both_databases")
def test_a_case_waits_for_an_answer_within_15_days(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    talk = followed(services, case)
    assert (case.state, (case.due_at - clock()).days) == (State.OPEN, 15)
    assert [(word.text, word.by_person) for word in talk.words] == [(SENTINEL, True)]
    assert (talk.details.number, talk.details.proved) == ("+8619900000001", None)


def test_the_secret_has_140_bits_and_only_its_hash_is_kept(services: Services) -> None:
    drawn = asking.draw()
    assert len(drawn.secret.replace("-", "")) * 5 == 140
    case = asked(services, drawn=drawn).case
    assert case.secret_hash == token_hash(drawn.secret.replace("-", ""))


@pytest.mark.usefixtures("both_databases")
def test_one_form_sent_ten_times_at_once_is_one_case(services: Services) -> None:
    drawn = asking.draw()
    made = at_once(10, lambda _: asked(services, drawn=drawn).case.reference)
    assert len(set(made)) == 1
    assert cases(services) == 1


def test_without_proof_it_is_nobodys(services: Services) -> None:
    case = asked(services).case
    assert (case.account, case.account_digest) == (None, None)


def test_a_verified_person_ties_it_to_their_account_and_closure(services: Services) -> None:
    closure = submitted(services, COINS)
    case = asked(services, [verified_again(services)], topic=Topic.HOLD).case
    assert help_ties.account_of(services.vault, case) == COINS.id
    assert COINS.id.encode() not in (case.account or b"")
    details = followed(services, case).details
    assert (details.proved, details.closure) == ("account", closure.reference)


def verified_again(services: Services) -> Visitor:
    services.clock.advance(minutes=2)
    return verified(services, COINS)


def test_the_holder_of_the_link_ties_it_too(services: Services) -> None:
    closure = submitted(services, COINS)
    case = asked(services, [by_link(services, closure.id)], topic=Topic.HOLD).case
    details = followed(services, case).details
    assert help_ties.account_of(services.vault, case) == COINS.id
    assert (details.proved, details.closure) == ("link", closure.reference)


def test_somebody_who_follows_another_case_proves_nothing(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        private_link.make(session, closure.id, services.clock())
        token = sign_in.open_case(session, "other", services.clock())
        visitor = sign_in.look_up(session, token, services.clock())
    assert visitor
    case = asked(services, [visitor]).case
    assert (case.account, followed(services, case).details.closure) == (None, None)


def test_the_ledger_knows_that_it_was_asked_not_what(services: Services) -> None:
    case = asked(services).case
    (event,) = told(services, case)
    assert (event.kind, event.facts["case"]) == (Kind.HELP_ASKED, case.reference)
    assert (event.evidence, event.business) == (None, None)
    assert SENTINEL not in str(event.facts)


def test_one_address_makes_ten_an_hour_and_the_next_is_told_when(
    services: Services, clock: FakeClock
) -> None:
    for _ in range(10):
        asked(services)
    with pytest.raises(LimitedError) as error:
        asked(services)
    asked(services, address="198.51.100.1")
    clock.at(error.value.until)
    asked(services)


def test_sending_the_same_form_again_counts_against_no_limit(services: Services) -> None:
    drawn = asking.draw()
    for _ in range(15):
        case = asked(services, drawn=drawn).case
    assert texts(services, case) == [SENTINEL]
