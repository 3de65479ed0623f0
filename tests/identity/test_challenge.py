from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.identity import challenge
from portal.identity.challenge import Problem, Started, Verdict
from portal.identity.limits import LimitedError
from portal.store.engine import Store
from portal.store.tables import Challenge
from portal.store.vault import Vault
from tests.fakes import FakeClock
from tests.identity.desk import OTHER, PHONE, Desk
from tests.races import at_once

MICROSECOND = timedelta(microseconds=1)


@pytest.fixture
def desk(store: Store, vault: Vault, clock: FakeClock) -> Desk:
    return Desk(store, vault, clock)


@pytest.mark.usefixtures("both_databases")
def test_the_right_code_proves_the_account_once(desk: Desk) -> None:
    started = desk.start()
    assert desk.answer_right(started) == Verdict(account_id="a")
    assert desk.answer_right(started).problem is Problem.DEAD


def test_the_code_counts_until_ten_minutes_have_passed(desk: Desk) -> None:
    started = desk.start()
    desk.clock.at(started.expires_at - MICROSECOND)
    assert desk.answer_wrong(started).problem is Problem.WRONG
    desk.clock.at(started.expires_at)
    assert desk.answer_right(started).problem is Problem.EXPIRED
    assert started.expires_at == desk.clock.at(started.resend_at) + timedelta(minutes=9)


@pytest.mark.usefixtures("both_databases")
def test_five_wrong_answers_kill_the_code(desk: Desk) -> None:
    started = desk.start()
    wrongs = [desk.answer_wrong(started) for _ in range(5)]
    assert [(verdict.problem, verdict.left) for verdict in wrongs] == [
        (Problem.WRONG, left) for left in (4, 3, 2, 1, 0)
    ]
    assert desk.answer_right(started).problem is Problem.DEAD


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", Problem.EMPTY),
        ("12345", Problem.LENGTH),
        ("abcdef", Problem.NOT_DIGITS),
    ],
)
def test_what_can_not_be_a_code_costs_no_try(desk: Desk, text: str, problem: Problem) -> None:
    started = desk.start()
    assert [desk.answer(started, text).problem for _ in range(6)] == [problem] * 6
    assert desk.answer_wrong(started).left == 4


def test_full_width_digits_and_spaces_are_the_same_code(desk: Desk) -> None:
    started = desk.start()
    wide = (started.code or "").translate({ord(str(n)): ord("０") + n for n in range(10)})
    assert desk.answer(started, f" {wide[:3]} {wide[3:]} ").account_id == "a"


@pytest.mark.usefixtures("both_databases")
def test_a_new_code_kills_the_older(desk: Desk) -> None:
    old = desk.start()
    new = desk.resend()
    assert desk.answer_right(old).problem is Problem.DEAD
    assert desk.answer_right(new).account_id == "a"


def test_another_number_keeps_its_code(desk: Desk) -> None:
    started = desk.start()
    desk.start(OTHER, "b")
    assert desk.answer_right(started).account_id == "a"


def test_a_code_fits_only_its_own_challenge(desk: Desk) -> None:
    mine, foreign = desk.start(), desk.start(OTHER, "b")
    if mine.code != foreign.code:
        assert desk.answer(foreign, mine.code or "").problem is Problem.WRONG


def test_an_unknown_challenge_is_dead(desk: Desk) -> None:
    assert desk.answer(Started("0" * 32, None, desk.clock(), desk.clock()), "123456") == Verdict(
        problem=Problem.DEAD
    )


def test_an_unregistered_number_gets_no_code_and_the_same_answers(desk: Desk) -> None:
    known, unknown = desk.start(), desk.start(OTHER, None)
    assert unknown.code is None
    assert (unknown.expires_at, unknown.resend_at) == (known.expires_at, known.resend_at)
    answers = [(desk.answer_wrong(known), desk.answer(unknown, "123456")) for _ in range(7)]
    assert all(one == other for one, other in answers)


def test_no_answer_is_right_for_an_unregistered_number(desk: Desk) -> None:
    started = desk.start()
    with desk.store.begin() as session:
        session.execute(update(Challenge).values(account_id=None))
    assert desk.answer_right(started) == Verdict(problem=Problem.WRONG, left=4)


@pytest.mark.usefixtures("both_databases")
def test_ten_failures_lock_the_number_until_the_first_is_an_hour_old(desk: Desk) -> None:
    first = desk.clock() + timedelta(seconds=60)
    desk.fail(9)
    started = desk.resend()
    locked = Verdict(problem=Problem.LOCKED, until=first + timedelta(hours=1))
    assert desk.answer_wrong(started) == locked
    assert desk.answer_right(started) == locked
    desk.clock.at(first + timedelta(hours=1))
    assert desk.answer_right(desk.start()).account_id == "a"


def test_a_locked_number_gets_no_new_code(desk: Desk) -> None:
    desk.fail(10)
    with pytest.raises(LimitedError) as error:
        desk.resend()
    assert error.value.limit == "failures"


def test_success_clears_the_failures(desk: Desk) -> None:
    desk.fail(9)
    desk.answer_right(desk.resend())
    assert desk.answer_wrong(desk.resend()) == Verdict(problem=Problem.WRONG, left=4)


def test_failures_of_one_number_do_not_lock_another(desk: Desk) -> None:
    desk.fail(10)
    assert desk.answer_right(desk.start(OTHER, "b")).account_id == "b"


def test_one_code_a_minute_five_an_hour_ten_a_day(desk: Desk) -> None:
    begin, passed = desk.clock(), list[timedelta]()
    while (now := desk.clock()) < begin + timedelta(hours=24):
        try:
            desk.start()
            passed.append(now - begin)
        except LimitedError as error:
            desk.clock.at(error.until)
    hour = [timedelta(minutes=n) for n in range(5)]
    assert passed == [*hour, *(at + timedelta(hours=1) for at in hour)]


def test_burning_every_limit_leaves_the_owner_of_an_open_closure_a_way(desk: Desk) -> None:
    desk.fail(10)
    with pytest.raises(LimitedError):
        desk.resend()
    assert desk.answer_right(desk.resend(reserved=True)).account_id == "a"


def test_strangers_can_not_replace_a_reserved_code(desk: Desk) -> None:
    reserved = desk.start(reserved=True)
    ordinary = desk.resend()
    assert desk.answer_right(reserved).account_id == "a"
    assert desk.answer_wrong(ordinary).problem is Problem.WRONG


def test_a_reserved_code_kills_every_older_one(desk: Desk) -> None:
    old = [desk.start(), desk.resend(reserved=True)]
    desk.resend(reserved=True)
    assert [desk.answer_right(started).problem for started in old] == [Problem.DEAD] * 2


def test_the_reserve_is_three_an_hour_and_keeps_the_pause(desk: Desk) -> None:
    desk.start()
    with pytest.raises(LimitedError, match="send_pause"):
        desk.start(reserved=True)
    for _ in range(3):
        desk.resend(reserved=True)
    with pytest.raises(LimitedError, match="reserve_hour"):
        desk.resend(reserved=True)


def test_the_reserve_has_a_lock_of_its_own(desk: Desk) -> None:
    desk.fail(10, reserved=True)
    with pytest.raises(LimitedError, match="failures"):
        desk.resend(reserved=True)
    assert desk.answer_right(desk.resend()).account_id == "a"


def test_a_refused_start_leaves_the_live_code_alone(desk: Desk) -> None:
    started = desk.start()
    with pytest.raises(LimitedError, match="send_pause"):
        desk.start()
    assert desk.answer_right(started).account_id == "a"


def test_what_was_asked_for_is_known_until_the_code_is_used(desk: Desk) -> None:
    started = desk.start()

    def asked() -> challenge.Asked | None:
        with desk.store.begin() as session:
            return challenge.asked_for(session, desk.vault, started.challenge_id)

    assert asked() == challenge.Asked(PHONE, started.expires_at, started.resend_at)
    desk.answer_right(started)
    assert asked() is None


def test_neither_code_nor_number_is_kept_readable(desk: Desk, vault: Vault) -> None:
    started = desk.start()
    with desk.store.begin() as session:
        row = session.scalars(select(Challenge)).one()
    kept = repr({key: value for key, value in vars(row).items() if key != "_sa_instance_state"})
    assert (started.code or "") not in (row.code_mac, row.number)
    assert PHONE[3:] not in kept


@pytest.mark.usefixtures("both_databases")
def test_twenty_right_answers_at_once_are_one_success(desk: Desk) -> None:
    started = desk.start()
    verdicts = at_once(20, lambda _: desk.answer_right(started))
    assert sorted(verdict.account_id or "" for verdict in verdicts) == [""] * 19 + ["a"]
    assert {verdict.problem for verdict in verdicts} == {None, Problem.DEAD}


@pytest.mark.usefixtures("both_databases")
def test_of_thirty_two_guesses_at_once_only_five_are_compared(desk: Desk) -> None:
    started = desk.start()
    verdicts = at_once(32, lambda _: desk.answer_wrong(started))
    compared = [verdict.left for verdict in verdicts if verdict.problem is Problem.WRONG]
    assert sorted(compared) == [0, 1, 2, 3, 4]
    assert desk.failures() == 5


@pytest.mark.usefixtures("both_databases")
def test_of_many_guesses_at_once_none_is_compared_after_the_tenth_failure(desk: Desk) -> None:
    desk.fail(9)
    started = desk.resend()
    verdicts = at_once(16, lambda _: desk.answer_wrong(started))
    assert {verdict.problem for verdict in verdicts} == {Problem.LOCKED}
    assert (desk.tries(started), desk.failures()) == (1, 10)


@pytest.mark.usefixtures("both_databases")
def test_of_many_starts_at_once_one_code_lives(desk: Desk) -> None:
    def start(_: int) -> bool:
        try:
            desk.start()
        except LimitedError:
            return False
        return True

    assert at_once(10, start).count(True) == 1
    with desk.store.begin() as session:
        assert session.scalars(select(Challenge.state)).all() == ["live"]


@pytest.mark.usefixtures("both_databases")
def test_asking_for_unregistered_numbers_shuts_no_neighbour_out(
    store: Store, vault: Vault, clock: FakeClock
) -> None:
    for number in range(101):
        with store.begin() as session:
            phone = f"+861990000{number:04}"
            challenge.start(session, vault, clock(), phone, None, f"192.0.2.{number}")
    with store.begin() as session:
        assert challenge.start(session, vault, clock(), "+8619900009999", "a", "198.51.100.1").code
