"""The link of the SMS after closing: it still shows the page, to whoever holds it."""

from datetime import timedelta

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live, until
from tests.browser.person import DESKTOP, PHONE
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


def test_it_shows_the_result_and_nothing_about_the_person(
    arrives: Arrives, hasty_portal: Live
) -> None:
    person = arrives(CLEAN_SEEKER, hasty_portal, PHONE)
    person.submits()
    reference = person.reference
    person.follows_link()
    assert person.reference == reference
    person.waits_for("账号已注销")
    other = arrives(CLEAN_SEEKER, hasty_portal, DESKTOP)
    other.follows_link()
    assert other.heading == "账号已注销"
    personal = (CLEAN_SEEKER.name, "19900", "****", "手机号")
    assert [one for one in personal if one in other.text] == []
    other.opens(f"/closures/{reference}/restore", status=409)
    assert other.heading == "已经无法恢复"


def test_the_code_finds_nothing_any_more(arrives: Arrives, hasty_portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, hasty_portal, PHONE)
    person.submits()
    path = person.path
    person.follows_link()
    person.waits_for("账号已注销")
    until(lambda: any("已注销" in text for text in hasty_portal.sms(person.number)))
    sent = hasty_portal.sms(person.number)
    hasty_portal.let_pass(timedelta(minutes=2))
    stranger = arrives(CLEAN_SEEKER, hasty_portal, DESKTOP)
    stranger.opens("/track")
    stranger.gives_number()
    assert stranger.heading == "输入验证码"
    stranger.opens(path, status=404)
    assert hasty_portal.sms(person.number) == sent
