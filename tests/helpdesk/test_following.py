"""A case is followed by its number and its secret, and by nothing less."""

import pytest

from portal.closure.help_ties import State
from portal.evidence.ledger import Kind
from portal.helpdesk import asking, following
from portal.helpdesk.following import EndedError
from portal.identity import sign_in
from portal.identity.limits import LimitedError
from portal.services import Services
from portal.store.tables import HelpCase
from tests.fakes import FakeClock
from tests.helpdesk.cases import ADDRESS, SENTINEL, asked, followed, texts, told
from tests.races import at_once


def let_in(services: Services, number: str, secret: str, address: str = ADDRESS) -> str | None:
    """The id of the case that the browser may see then."""
    token = following.let_in(services, number, secret, address)
    with services.store.begin() as session:
        visitor = sign_in.look_up(session, token, services.clock()) if token else None
    return visitor.case_id if visitor else None


@pytest.mark.usefixtures("both_databases")
def test_number_and_secret_let_in_however_they_are_written(services: Services) -> None:
    drawn = asking.draw()
    case = asked(services, drawn=drawn).case
    number, secret = case.reference, drawn.secret
    for one, other in (
        (number, secret),
        (number.lower().replace("-", " "), secret.lower().replace("-", "")),
        (f" {number}\n", secret.replace("-", "—")),
    ):
        assert let_in(services, one, other) == case.id


@pytest.mark.parametrize("number", ["", "BZ-22222-22222", "ZX-22222-22222", "'; --", "\0"])
def test_a_wrong_number_and_a_wrong_secret_look_the_same(services: Services, number: str) -> None:
    drawn = asking.draw()
    case = asked(services, drawn=drawn).case
    assert let_in(services, number, drawn.secret) is None
    assert let_in(services, case.reference, asking.draw().secret) is None
    assert let_in(services, case.reference, "") is None


def test_the_secret_of_another_case_does_not_fit(services: Services) -> None:
    one, other = asking.draw(), asking.draw()
    mine, theirs = asked(services, drawn=one).case, asked(services, drawn=other).case
    assert let_in(services, mine.reference, other.secret) is None
    assert let_in(services, theirs.reference, one.secret) is None


@pytest.mark.usefixtures("both_databases")
def test_guessing_ends_after_20_wrong_secrets_an_hour(services: Services, clock: FakeClock) -> None:
    drawn = asking.draw()
    case = asked(services, drawn=drawn).case

    def guess(number: int) -> bool:
        try:
            return following.let_in(services, case.reference, str(number), ADDRESS) is None
        except LimitedError:
            return False

    assert sum(at_once(30, guess)) == 20
    with pytest.raises(LimitedError):
        let_in(services, case.reference, drawn.secret)
    assert let_in(services, case.reference, drawn.secret, "198.51.100.1") == case.id
    clock.advance(hours=1, seconds=1)
    assert let_in(services, case.reference, drawn.secret) == case.id


def answered(services: Services, case: HelpCase) -> None:
    with services.store.begin() as session:
        following.move(session, HelpCase.id == case.id, state=State.ANSWERED)


@pytest.mark.usefixtures("both_databases")
def test_another_word_waits_for_an_answer_again(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    answered(services, case)
    clock.advance(days=3)
    following.add(services, case.id, "还有一件事")
    again = followed(services, case).case
    assert (again.state, (again.due_at - clock()).days) == (State.OPEN, 15)
    assert texts(services, case) == [SENTINEL, "还有一件事"]
    assert told(services, case)[-1].kind == Kind.HELP_ADDED


def test_who_waits_and_writes_again_does_not_wait_longer(
    services: Services, clock: FakeClock
) -> None:
    case = asked(services).case
    clock.advance(days=3)
    following.add(services, case.id, "还有一件事")
    assert followed(services, case).case.due_at == case.due_at


@pytest.mark.usefixtures("both_databases")
def test_a_second_click_says_nothing_new(services: Services) -> None:
    case = asked(services).case
    at_once(4, lambda _: following.add(services, case.id, "还有一件事"))
    assert texts(services, case) == [SENTINEL, "还有一件事"]


def test_a_case_takes_ten_words_an_hour(services: Services) -> None:
    case = asked(services).case
    for number in range(10):
        following.add(services, case.id, f"第 {number} 句")
    with pytest.raises(LimitedError):
        following.add(services, case.id, "第 11 句")
    assert len(texts(services, case)) == 11


@pytest.mark.usefixtures("both_databases")
def test_an_ended_case_is_read_and_not_added_to(services: Services) -> None:
    case = asked(services).case
    following.end(services, case.id)
    following.end(services, case.id)
    with pytest.raises(EndedError):
        following.add(services, case.id, "还有一件事")
    assert followed(services, case).case.state == State.ENDED
    assert texts(services, case) == [SENTINEL]
    assert [one.kind for one in told(services, case)] == [Kind.HELP_ASKED, Kind.HELP_ENDED]


def test_a_case_that_is_gone_is_nobodys(services: Services) -> None:
    assert following.follow(services, "gone") is None
