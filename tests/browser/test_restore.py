"""Changing one's mind, from every place from which one can."""

from datetime import timedelta

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_DESKTOP, Person
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


def restores(person: Person) -> None:
    assert person.heading == "恢复账号"
    person.presses("button", "恢复账号")
    person.waits_for("账号已恢复")
    assert "账号可以照常使用" in person.text
    assert person.portal.can_sign_in(CLEAN_SEEKER.id)


def test_right_after_submitting(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    person.waits_for("正在核查注销申请")
    person.presses("link", "恢复账号")
    restores(person)


def test_from_another_browser_with_a_code(arrives: Arrives, portal: Live) -> None:
    arrives(CLEAN_SEEKER, portal, PHONE).submits()
    portal.let_pass(timedelta(minutes=2))
    person = arrives(CLEAN_SEEKER, portal, PLAIN_DESKTOP)
    person.tracks()
    assert person.heading == "正在核查注销申请"
    person.presses("link", "恢复账号")
    restores(person)


def test_the_private_link_alone_is_not_enough(arrives: Arrives, portal: Live) -> None:
    arrives(CLEAN_SEEKER, portal, PHONE).submits()
    portal.let_pass(timedelta(minutes=2))
    person = arrives(CLEAN_SEEKER, portal, DESKTOP)
    person.follows_link()
    person.presses("link", "恢复账号")
    assert "恢复账号前，请先用短信验证码验证身份" in person.text
    person.gives_number()
    person.gives_code()
    restores(person)


def test_a_new_request_is_possible_afterwards(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    person.presses("link", "恢复账号")
    restores(person)
    person.begins()
    person.agrees()
    assert person.heading == "注销条件"
