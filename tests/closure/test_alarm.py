"""Somebody guesses at codes: the owner is told, once a day, and nobody else."""

import pytest

from portal.closure import verify
from portal.closure.verify import Verified
from portal.identity.challenge import Problem, Verdict
from portal.language import Language
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store.tables import StopLink
from tests.cast import CLEAN_SEEKER, NOT_REGISTERED
from tests.closure.journeys import ADDRESS, send_messages, submitted
from tests.closure.sms import last_text, messages, told
from tests.fakes import FakeClock
from tests.work import work

WRONG = "000000"


def start(services: Services, phone: str = CLEAN_SEEKER.phone) -> str:
    asked = verify.request_code(services, phone, Purpose.TRACK, ADDRESS, ())
    send_messages(services)
    return asked.challenge_id


def answer(services: Services, challenge_id: str, code: str) -> Verified | Verdict:
    return verify.answer_code(services, challenge_id, code, None, None)


def guess(services: Services, challenge_id: str, times: int) -> Verdict:
    """Wrong ones: the code itself is never 000000 here."""
    for _ in range(times):
        verdict = answer(services, challenge_id, WRONG)
    assert isinstance(verdict, Verdict)
    return verdict


@pytest.fixture(autouse=True)
def codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("portal.identity.codes.draw", lambda: "480135")


@pytest.mark.usefixtures("both_databases")
def test_the_fifth_wrong_answer_tells_the_owner(services: Services) -> None:
    challenge_id = start(services)
    guess(services, challenge_id, 4)
    work(services)
    assert told(services, CLEAN_SEEKER) == []
    guess(services, challenge_id, 1)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["alarm"]
    assert "/stop/" in last_text(services, CLEAN_SEEKER)


def test_who_gets_it_right_in_the_end_is_not_alarmed(services: Services) -> None:
    challenge_id = start(services)
    guess(services, challenge_id, 4)
    assert isinstance(answer(services, challenge_id, "480135"), Verified)
    work(services)
    assert told(services, CLEAN_SEEKER) == []


def test_wrong_answers_to_many_codes_lock_the_number_and_tell(
    services: Services, clock: FakeClock
) -> None:
    for times in (4, 4, 2):
        last = guess(services, start(services), times)
        clock.advance(minutes=2)
    assert last.problem is Problem.LOCKED
    work(services)
    assert told(services, CLEAN_SEEKER) == ["alarm"]


def test_a_number_is_told_once_a_day(services: Services, clock: FakeClock) -> None:
    for hours in (2, 2, 21):
        guess(services, start(services), 5)
        work(services)
        assert told(services, CLEAN_SEEKER) == ["alarm"]
        clock.advance(hours=hours)
    guess(services, start(services), 5)
    work(services)
    assert told(services, CLEAN_SEEKER) == ["alarm", "alarm"]


def test_a_dead_code_raises_no_further_alarm(services: Services, clock: FakeClock) -> None:
    challenge_id = start(services)
    guess(services, challenge_id, 5)
    clock.advance(hours=25)
    guess(services, challenge_id, 5)
    assert len(messages(services, "alarm")) == 1


def test_a_number_that_nobody_registered_gets_nothing(services: Services) -> None:
    guess(services, start(services, NOT_REGISTERED), 5)
    work(services)
    assert messages(services, "alarm") == []
    assert services.gateway.sent == []


def test_it_is_in_the_language_of_the_open_closure(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        session.merge(closure).language = Language.ENGLISH
    services.clock.advance(minutes=2)
    guess(services, start(services), 5)
    work(services)
    assert "Not you? Open http://localhost:8000/en/stop/" in last_text(services, CLEAN_SEEKER)


def test_only_a_hash_of_its_link_is_kept(services: Services) -> None:
    guess(services, start(services), 5)
    work(services)
    token = last_text(services, CLEAN_SEEKER).split("/stop/")[1].split()[0]
    with services.store.begin() as session:
        (link,) = session.query(StopLink).all()
    assert len(token) == 22
    assert token not in link.token_hash
