"""The pages beside the journey, and those of things that went wrong."""

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE, Screen
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

PAGES = {
    "/": "注销智联账号",
    "/notice": "智联账号注销须知",
    "/notices": "《智联账号注销须知》的历史版本",
    "/notices/2025V1": "智联账号注销须知",
    "/track": "查询进度或恢复账号",
    "/track/none": "没有进行中的申请",
    "/close/lost-phone": "手机号已停用",
    "/cookies": "Cookie 说明",
    "/accessibility": "无障碍说明",
    "/dev/outbox": "短信发件箱",
}
WRONG = {
    "/nothing-here": 404,
    "/notices/1999V1": 404,
    "/closures/ZX-AAAAA-AAAAA": 404,
    "/p/wrong": 404,
    "/close/resend": 405,
}


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_they_are_all_in_order(arrives: Arrives, portal: Live, screen: Screen) -> None:
    person = arrives(CLEAN_SEEKER, portal, screen)
    for path, heading in PAGES.items():
        person.opens(path)
        assert person.heading == heading
        assert "400-885-9898（仅限工作时间）" in person.page.locator("footer").last.inner_text()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_errors_have_pages_too(arrives: Arrives, portal: Live, screen: Screen) -> None:
    person = arrives(CLEAN_SEEKER, portal, screen)
    for path, status in WRONG.items():
        person.opens(path, status)
        assert person.heading


def test_an_expired_form_offers_a_way_on(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.begins()
    person.page.context.clear_cookies()
    person.ticks("checkbox", "我已阅读")
    person.presses("button", "同意并继续", status=403)
    assert person.heading == "页面已过期"
    person.presses("link", "重新载入")
    person.agrees()
    assert person.heading == "验证身份"


def test_the_outbox_shows_what_was_sent(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PLAIN_PHONE)
    person.begins()
    person.agrees()
    person.gives_number()
    code = person.reads_code()
    tab = person.opens_tab()
    tab.opens("/dev/outbox")
    assert f"验证码{code}" in tab.text
    person.gives_code(code)
    assert person.heading == "注销条件"
