"""Coming in and going out, and that the two kinds of sign-in never mix."""

from datetime import timedelta

import pytest

from portal.services import Services
from portal.staffroom import credentials
from portal.staffroom.members import Enrolment
from portal.staffroom.roles import Role
from portal.store.tables import StaffSignIn
from tests.cast import COINS
from tests.client import Browser
from tests.fakes import FakeClock
from tests.logged import logged
from tests.staffroom.staff import PASSWORD, enrolled, secret_of
from tests.web.conftest import MakeWalk
from tests.web.rows import rows
from tests.web.staff.conftest import Desk


@pytest.fixture
def enrolment(services: Services) -> Enrolment:
    return enrolled(services, "李审")


def come(browser: Browser, code: str, password: str = PASSWORD, name: str = "李审") -> None:
    browser.open("/staff/sign-in")
    browser.send(name=name, password=password, code=code)


def test_right_and_in(browser: Browser, clock: FakeClock, enrolment: Enrolment) -> None:
    come(browser, credentials.code_at(secret_of(enrolment), clock()))
    assert browser.path == "/staff"
    assert "李审 · 审核" in browser.text
    browser.open("/staff/sign-in")
    assert browser.path == "/staff"


@pytest.mark.parametrize("name", ["李审", "没有的人", "a\0b"])
def test_wrong_and_nothing_of_it_comes_back(
    browser: Browser, enrolment: Enrolment, name: str
) -> None:
    with logged() as log:
        come(browser, "123456", "wrong password", name)
    assert "姓名、密码或验证码不正确" in browser.text
    html = browser.response.get_data(as_text=True)
    for secret in ("wrong password", "123456"):
        assert secret not in html + log.text


def test_empty_fields_are_named(browser: Browser) -> None:
    browser.open("/staff/sign-in")
    browser.send(name="", password="", code="")
    for text in ("请输入姓名", "请输入密码", "请输入验证码或恢复码"):
        assert text in browser.text


def test_too_many_failures_say_until_when(
    browser: Browser, clock: FakeClock, enrolment: Enrolment
) -> None:
    for _ in range(11):
        come(browser, "000000", "wrong password")
    until = (clock() + timedelta(hours=9)).strftime("%H:%M")
    assert f"请在 {until} 后再试" in browser.text


def test_going_out_ends_the_session_on_the_server_too(desk: Desk) -> None:
    browser = desk(Role.VIEWER)
    browser.open("/staff")
    with browser.client.session_transaction() as session:
        token = session["staff"]
    browser.send("/staff/sign-out")
    assert browser.path == "/staff/sign-in"
    with browser.client.session_transaction() as session:
        assert "staff" not in session
        session["staff"] = token
    browser.open("/staff")
    assert browser.path == "/staff/sign-in"


def test_signing_out_of_the_pages_of_people_ends_it_on_the_server_too(
    services: Services, desk: Desk
) -> None:
    browser = desk(Role.VIEWER)
    browser.open("/close/notice")
    browser.send("/sign-out")
    assert rows(services, StaffSignIn) == []


def test_an_idle_session_is_told_at_the_door(desk: Desk, clock: FakeClock) -> None:
    browser = desk(Role.VIEWER)
    clock.advance(minutes=10)
    browser.open("/staff")
    assert browser.path == "/staff/sign-in"
    assert "请先登录" in browser.text


def test_a_person_signing_in_beside_keeps_the_two_apart(
    desk: Desk, services: Services, walk: MakeWalk
) -> None:
    browser = desk(Role.VIEWER)
    person = walk(COINS)
    person.browser = browser
    person.submits()
    with browser.client.session_transaction() as session:
        assert session["staff"] != session["_user_id"]
    browser.open("/staff")
    assert browser.path == "/staff"
