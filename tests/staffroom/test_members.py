"""Who works at the console."""

import argon2
import pytest
from sqlalchemy import func, select

from portal.services import Services
from portal.staffroom import credentials, members, sign_in
from portal.staffroom.members import NameTakenError, UnknownMemberError
from portal.staffroom.roles import Permission, Role, may
from portal.staffroom.sign_in import NotSignedInError
from portal.store.tables import RecoveryCode, Staff
from tests.fakes import FakeClock
from tests.staffroom.staff import ADDRESS, PASSWORD, called, enrolled, member, opened, secret_of


def test_what_is_shown_once_is_kept_sealed_or_hashed(services: Services) -> None:
    enrolment = enrolled(services, "李审")
    with services.store.begin() as session:
        row = session.scalars(select(Staff)).one()
        digests = session.scalars(select(RecoveryCode.digest)).all()
    kept = f"{row.password} {row.totp!r} {digests}"
    for secret in (PASSWORD, secret_of(enrolment), *enrolment.recovery_codes):
        assert secret not in kept
    assert row.password.startswith("$argon2id$")


def test_a_password_costs_what_rfc_9106_recommends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "PasswordHasher", argon2.PasswordHasher)
    hashed = credentials.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert credentials.password_matches(hashed, PASSWORD)
    assert not credentials.password_matches(hashed, f"{PASSWORD}!")


def test_ten_recovery_codes_of_eighty_bits(services: Services) -> None:
    codes = enrolled(services, "李审").recovery_codes
    assert len(set(codes)) == 10
    assert all(len(credentials.recovery_code(code)) * 5 == 80 for code in codes)


def test_a_name_is_given_once_for_ever(services: Services) -> None:
    enrolled(services, "李审")
    members.remove(services, "李审")
    with pytest.raises(NameTakenError):
        enrolled(services, "李审")


def test_a_role_is_read_anew_every_time(services: Services) -> None:
    token = opened(services, member(services, "李审", Role.SUPERVISOR))
    members.change_role(services, "李审", Role.VIEWER)
    with services.store.begin() as session:
        found = sign_in.look_up(session, token, services.clock())
    assert found
    assert found.role is Role.VIEWER


def test_who_was_removed_has_no_role_and_no_way_in(services: Services, clock: FakeClock) -> None:
    enrolment = enrolled(services, "李审")
    token = opened(services, called(services, "李审"))
    members.remove(services, "李审")
    with services.store.begin() as session:
        found = sign_in.look_up(session, token, services.clock())
    assert found
    assert found.role is None
    for code in (credentials.code_at(secret_of(enrolment), clock()), enrolment.recovery_codes[0]):
        with pytest.raises(NotSignedInError):
            sign_in.sign_in(services, "李审", PASSWORD, code, ADDRESS)


def test_a_reset_ends_what_there_was(services: Services, clock: FakeClock) -> None:
    before = enrolled(services, "李审")
    token = opened(services, called(services, "李审"))
    after = members.reset(services, "李审", "another long password")
    with services.store.begin() as session:
        assert sign_in.look_up(session, token, services.clock()) is None
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 10
    with pytest.raises(NotSignedInError):
        sign_in.sign_in(
            services, "李审", "another long password", before.recovery_codes[0], ADDRESS
        )
    code = credentials.code_at(secret_of(after), clock())
    assert sign_in.sign_in(services, "李审", "another long password", code, ADDRESS)


@pytest.mark.parametrize("act", [members.remove, members.present_code])
def test_nobody_of_that_name(services: Services, act: object) -> None:
    with pytest.raises(UnknownMemberError):
        act(services, "没有的人")  # type: ignore[operator]


def test_each_role_may_what_the_one_before_may_and_more() -> None:
    granted = [{one for one in Permission if may(role, one)} for role in Role]
    assert granted[0] < granted[1] < granted[2]
    assert granted[0] == {Permission.LOOK}
    assert not any(may(None, one) for one in Permission)
