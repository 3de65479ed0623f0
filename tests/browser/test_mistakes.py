"""Every form explains what is wrong, leads to the field, and loses nothing."""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import PHONE, PLAIN_PHONE, Person, Screen
from tests.cast import MANY_IDENTITIES

pytestmark = pytest.mark.browser

Step = Callable[[Person], None]

STEPS: tuple[tuple[str, str, Step], ...] = (
    ("同意并继续", "请先勾选“我已阅读、理解并同意”，再继续", Person.agrees),
    ("发送验证码", "请输入手机号", Person.gives_number),
    ("继续", "请输入短信验证码", Person.gives_code),
    ("继续", "请选择要注销的身份", lambda person: person.chooses("求职者身份")),
    ("确认并继续", "请确认这是您本人的账号", Person.confirms_conditions),
    ("我已了解，继续", "", Person.accepts_consequences),
    ("提交注销申请", "请先勾选“我确认注销”，再提交", Person.confirms),
)


@pytest.mark.parametrize("screen", [PHONE, PLAIN_PHONE], ids=str)
def test_a_form_sent_too_early_says_what_is_missing(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    person = arrives(MANY_IDENTITIES, portal, screen)
    person.begins()
    for button, problem, goes_on in STEPS:
        if problem:
            person.presses("button", button)
            summary = person.page.get_by_role("alert")
            assert problem in summary.inner_text()
            assert person.page.title().startswith("请更正：")
        goes_on(person)
    assert person.heading == "注销申请已提交"
