"""Coming to the console: password and second factor, limits, and what a session is worth."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.identity.limits import LimitedError
from portal.services import Services
from portal.staffroom import credentials, members, sign_in
from portal.staffroom.members import Enrolment
from portal.staffroom.roles import Role
from portal.staffroom.sign_in import NotSignedInError
from portal.store.tables import Event, StaffSignIn
from tests.fakes import FakeClock
from tests.races import at_once
from tests.staffroom.staff import ADDRESS, PASSWORD, called, enrolled, opened, secret_of

NAME = "李审"


@pytest.fixture
def enrolment(services: Services) -> Enrolment:
    return enrolled(services, NAME)


@pytest.fixture
def secret(enrolment: Enrolment) -> str:
    return secret_of(enrolment)


def come(services: Services, code: str, password: str = PASSWORD, name: str = NAME) -> str:
    return sign_in.sign_in(services, name, password, code, ADDRESS)


def who(services: Services, token: str) -> members.Member | None:
    with services.store.begin() as session:
        return sign_in.look_up(session, token, services.clock())


def told(services: Services) -> list[str]:
    with services.store.begin() as session:
        return list(session.scalars(select(Event.kind).order_by(Event.seq)))


def fail(services: Services, times: int, name: str = NAME) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedInError):
            come(services, "000000", "wrong password", name)


def test_all_three_right_and_one_is_in(services: Services, clock: FakeClock, secret: str) -> None:
    token = come(services, credentials.code_at(secret, clock()))
    member = who(services, token)
    assert member
    assert (member.name, member.role) == (NAME, Role.REVIEWER)
    assert told(services) == ["staff.added", "staff.signed_in"]


def test_spaces_and_full_width_digits_are_no_mistake(
    services: Services, clock: FakeClock, secret: str
) -> None:
    code = credentials.code_at(secret, clock())
    wide = code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert come(services, f" {wide[:3]} {wide[3:]} ")


@pytest.mark.parametrize(
    ("name", "password", "right_code"),
    [(NAME, "wrong password", True), (NAME, PASSWORD, False), ("没有的人", PASSWORD, True)],
)
def test_whatever_is_wrong_the_answer_is_the_same(
    services: Services, clock: FakeClock, secret: str, name: str, password: str, right_code: bool
) -> None:
    code = credentials.code_at(secret, clock()) if right_code else "一二三四五六"
    with pytest.raises(NotSignedInError):
        come(services, code, password, name)


def test_an_unknown_name_costs_as_much_work(
    services: Services, monkeypatch: pytest.MonkeyPatch, enrolment: Enrolment
) -> None:
    checked: list[bool] = []
    real = credentials.PasswordHasher.verify

    def counting(self: object, kept: str, password: str) -> bool:
        checked.append(True)
        return real(self, kept, password)  # type: ignore[arg-type]

    monkeypatch.setattr(credentials.PasswordHasher, "verify", counting)
    fail(services, 1)
    fail(services, 1, "没有的人")
    assert len(checked) == 2


def test_a_code_is_good_once(services: Services, clock: FakeClock, secret: str) -> None:
    code = credentials.code_at(secret, clock())
    come(services, code)
    with pytest.raises(NotSignedInError):
        come(services, code)
    clock.advance(seconds=30)
    assert come(services, credentials.code_at(secret, clock()))


@pytest.mark.usefixtures("both_databases")
def test_of_many_who_type_it_at_once_one_comes_in(
    services: Services, clock: FakeClock, secret: str
) -> None:
    code = credentials.code_at(secret, clock())

    def comes(_: int) -> bool:
        try:
            return bool(come(services, code))
        except NotSignedInError:
            return False

    assert sum(at_once(4, comes)) == 1


@pytest.mark.parametrize(("off", "right"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_phone_may_be_one_step_off(
    services: Services, clock: FakeClock, secret: str, off: int, right: bool
) -> None:
    code = credentials.code_at(secret, clock() + timedelta(seconds=off))
    if right:
        assert come(services, code)
    else:
        with pytest.raises(NotSignedInError):
            come(services, code)


def test_an_older_step_is_not_taken_after_a_newer_one(
    services: Services, clock: FakeClock, secret: str
) -> None:
    come(services, credentials.code_at(secret, clock() + timedelta(seconds=30)))
    with pytest.raises(NotSignedInError):
        come(services, credentials.code_at(secret, clock()))


@pytest.mark.usefixtures("both_databases")
def test_a_recovery_code_is_good_once(services: Services, enrolment: Enrolment) -> None:
    assert come(services, enrolment.recovery_codes[0].lower().replace("-", " "))
    with pytest.raises(NotSignedInError):
        come(services, enrolment.recovery_codes[0])
    assert come(services, enrolment.recovery_codes[1])


def test_somebody_elses_recovery_code_is_none(services: Services, enrolment: Enrolment) -> None:
    other = enrolled(services, "王审").recovery_codes[0]
    with pytest.raises(NotSignedInError):
        come(services, other)


def test_ten_failures_an_hour_shut_the_name_even_for_the_right_answer(
    services: Services, clock: FakeClock, secret: str
) -> None:
    fail(services, 10)
    with pytest.raises(LimitedError) as shut:
        come(services, credentials.code_at(secret, clock()))
    assert shut.value.until == clock() + timedelta(hours=1)
    clock.advance(hours=1)
    assert come(services, credentials.code_at(secret, clock()))


def test_a_success_forgets_the_failures_of_the_name(
    services: Services, clock: FakeClock, secret: str
) -> None:
    fail(services, 9)
    come(services, credentials.code_at(secret, clock()))
    fail(services, 9)
    clock.advance(seconds=60)
    assert come(services, credentials.code_at(secret, clock()))


def test_an_address_has_a_limit_of_its_own(services: Services) -> None:
    for number in range(5):
        fail(services, 10, f"谁{number}")
    with pytest.raises(LimitedError, match="staff_address"):
        come(services, "000000", name="又一个")


def test_no_more_guesses_are_judged_than_the_limit(services: Services, secret: str) -> None:
    def guesses(_: int) -> str:
        try:
            come(services, "000000", "wrong password")
        except (NotSignedInError, LimitedError) as error:
            return type(error).__name__
        return "in"

    fail(services, 6)
    assert sorted(at_once(8, guesses)).count("NotSignedInError") == 4


def test_a_session_ends_after_ten_idle_minutes(services: Services, clock: FakeClock) -> None:
    enrolled(services, NAME)
    token = opened(services, called(services, NAME))
    clock.advance(minutes=9)
    assert who(services, token)
    clock.advance(minutes=9)
    assert who(services, token)
    clock.advance(minutes=10)
    assert who(services, token) is None


def test_a_session_ends_after_twelve_hours_however_busy(
    services: Services, clock: FakeClock
) -> None:
    enrolled(services, NAME)
    token = opened(services, called(services, NAME))
    for _ in range(12 * 12 - 1):
        clock.advance(minutes=5)
        assert who(services, token)
    clock.advance(minutes=5)
    assert who(services, token) is None


def test_the_session_before_ends_with_a_new_one(
    services: Services, clock: FakeClock, secret: str
) -> None:
    before = opened(services, called(services, NAME))
    code = credentials.code_at(secret, clock())
    after = sign_in.sign_in(services, NAME, PASSWORD, code, ADDRESS, instead_of=before)
    assert who(services, before) is None
    assert who(services, after)


def test_only_a_hash_of_the_token_is_kept(services: Services) -> None:
    enrolled(services, NAME)
    token = opened(services, called(services, NAME))
    with services.store.begin() as session:
        assert token not in {row.token_hash for row in session.scalars(select(StaffSignIn))}
