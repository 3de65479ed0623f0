"""The console in a real browser: its door, its queue, finding a case, what a viewer can't do."""

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, Screen
from tests.browser.reviewer import Reviewer
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


def staff(arrives: Arrives, portal: Live, name: str, screen: Screen) -> Reviewer:
    return Reviewer(name, arrives("", portal, screen))


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_a_case_is_found_by_phone_and_never_named_in_the_address(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    reviewer = staff(arrives, portal, "viewer", screen)
    reviewer.signs_in()
    assert reviewer.at.heading == "注销申请队列"
    reviewer.at.types("受理编号、求助编号或手机号", "199 0000 0001")
    reviewer.at.presses("button", "查找")
    assert reviewer.at.path == f"/staff/cases/{person.reference}"
    assert "199****0001" in reviewer.at.text
    assert not reviewer.at.sees("link", "暂停")
    for path in ("/staff/alerts", "/staff/proposals"):
        reviewer.at.opens(path)
    reviewer.at.opens(f"/staff/cases/{person.reference}/hold", 403)
    assert reviewer.at.heading == "没有这项权限"


def test_the_door_says_the_same_whatever_is_wrong(arrives: Arrives, portal: Live) -> None:
    reviewer = staff(arrives, portal, "reviewer", PHONE)
    reviewer.signs_in("000000")
    assert "姓名、密码或验证码不正确" in reviewer.at.text
    unknown = Reviewer("nobody", reviewer.at)
    unknown.signs_in("000000")
    assert "姓名、密码或验证码不正确" in unknown.at.text


def test_signing_out_shuts_the_door(arrives: Arrives, portal: Live) -> None:
    reviewer = staff(arrives, portal, "reviewer", DESKTOP)
    reviewer.signs_in()
    reviewer.at.presses("button", "退出")
    reviewer.at.opens("/staff")
    assert reviewer.at.heading == "登录审核台"
