"""The staff answer a case: in order, in the ledger, and never over one another."""

import pytest

from portal.closure.help_ties import State
from portal.evidence.ledger import Kind, StaffActor
from portal.helpdesk import answering, following
from portal.helpdesk.answering import ChangedError
from portal.services import Services
from tests.cast import COINS
from tests.closure.journeys import verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import SENTINEL, asked, followed, texts, told
from tests.races import at_once

LI, WANG = StaffActor("staff:li"), StaffActor("staff:wang")


@pytest.mark.usefixtures("both_databases")
def test_an_answer_is_said_to_the_person(services: Services) -> None:
    case = asked(services).case
    answering.answer(services, LI, case, case.version, "您好，\r\n已核对。\u202e")
    talk = followed(services, case)
    assert talk.case.state == State.ANSWERED
    assert (talk.words[-1].author, talk.words[-1].text) == (LI, "您好，\n已核对。")
    last = told(services, case)[-1]
    assert (last.kind, last.actor) == (Kind.HELP_ANSWERED, LI)


@pytest.mark.usefixtures("both_databases")
def test_of_two_answers_at_once_one_is_said(services: Services) -> None:
    case = asked(services).case

    def answer(number: int) -> bool:
        who = (LI, WANG)[number]
        try:
            answering.answer(services, who, case, case.version, f"答复 {number}")
        except ChangedError:
            return False
        return True

    assert sorted(at_once(2, answer)) == [False, True]
    assert len(texts(services, case)) == 2
    assert answering.changed(services, case).by == followed(services, case).words[-1].author


def test_a_word_of_the_person_meanwhile_is_read_first(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    clock.advance(minutes=5)
    following.add(services, case.id, "还有一件事")
    with pytest.raises(ChangedError) as error:
        answering.answer(services, LI, case, case.version, "答复")
    assert (error.value.by, error.value.at) == ("person", clock())
    assert texts(services, case) == [SENTINEL, "还有一件事"]


def test_an_ended_case_is_not_answered(services: Services) -> None:
    case = asked(services).case
    answering.end(services, LI, case, case.version)
    ended = followed(services, case).case
    with pytest.raises(ChangedError):
        answering.answer(services, WANG, ended, ended.version, "太晚了")
    with pytest.raises(ChangedError):
        answering.end(services, WANG, ended, ended.version)
    assert [one.kind for one in told(services, case)] == [Kind.HELP_ASKED, Kind.HELP_ENDED]


def test_what_has_waited_longest_comes_first_and_is_not_opened(
    services: Services, clock: FakeClock
) -> None:
    first = asked(services).case
    clock.advance(hours=1)
    second = asked(services).case
    third = asked(services).case
    answering.answer(services, LI, third, third.version, "答复")
    waiting = answering.waiting(services, State.OPEN)
    assert [one.id for one in waiting] == [first.id, second.id]
    assert [one.id for one in answering.waiting(services, State.ANSWERED)] == [third.id]
    assert Kind.LOOKED not in {one.kind for one in told(services, first)}


@pytest.mark.usefixtures("both_databases")
def test_a_look_is_told_and_finds_whose_number_it_is(services: Services) -> None:
    case = asked(services).case
    looked = answering.look(services, LI, case.reference)
    assert looked
    assert looked.account
    assert looked.account.phone == looked.talk.details.number
    last = told(services, case)[-1]
    assert (last.kind, last.actor) == (Kind.LOOKED, LI)


def test_what_was_proved_counts_more_than_what_is_said(services: Services) -> None:
    case = asked(services, [verified(services, COINS)]).case
    looked = answering.look(services, LI, case.reference)
    assert looked
    assert looked.account
    assert looked.account.id == COINS.id


def test_an_unknown_number_is_nothing(services: Services) -> None:
    assert answering.look(services, LI, "BZ-22222-22222") is None
    assert answering.find(services, "BZ-22222-22222") is None
