"""不是您本人操作？ From the SMS about wrong codes to a request that is held."""

import re
from datetime import timedelta

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE, Person, Screen
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


def guesses(stranger: Person) -> None:
    """Somebody else, with the number and no phone."""
    stranger.opens("/track")
    stranger.gives_number()
    right = stranger.reads_code()
    for _ in range(5):
        stranger.gives_code("000000" if right != "000000" else "000001")


@pytest.mark.parametrize("screen", [PHONE, PLAIN_PHONE], ids=str)
def test_the_owner_stops_what_somebody_else_began(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    owner = arrives(CLEAN_SEEKER, portal, screen)
    owner.submits()
    page = owner.path
    portal.let_pass(timedelta(minutes=2))
    guesses(arrives(CLEAN_SEEKER, portal, DESKTOP))
    owner.opens(re.findall(r"\S+/stop/\S+", owner.reads_sms("/stop/"))[0])
    assert owner.heading == "不是您本人操作？"
    owner.presses("button", "暂停注销申请")
    assert owner.heading == "注销申请已暂停"
    owner.opens(page)
    assert "您通过短信链接暂停了申请，最迟到" in owner.text
    owner.presses("link", "恢复账号")


def test_a_lost_link_is_sent_once_more(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    person.reads_sms("已受理")
    person.presses("button", "重新发送查看链接")
    assert "查看链接已发送到账号绑定的手机号" in person.page.locator("body").inner_text()
    person.follows_link()
    assert person.heading == "正在核查注销申请"
