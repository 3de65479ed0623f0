"""The six conditions as a person meets them: who may go on, who not, and why."""

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE
from tests.cast import (
    ABANDONED_ORDER,
    COINS,
    COMPLAINANT,
    DEBT,
    DISPUTE_FROZEN,
    OLD_SIGN_IN,
    PENALTY_FROZEN,
    RECENT_SIGN_IN,
    RESPONDENT,
    UNOFFICIAL,
    UNPAID_ORDER,
    Person,
)

pytestmark = pytest.mark.browser

BLOCKED = (
    (UNOFFICIAL, 1, "不是通过智联官方渠道注册的"),
    (DEBT, 2, "欠款：简历优化服务分期款，128.00 元"),
    (UNPAID_ORDER, 3, "面试辅导服务 1 次，299.00 元，服务已提供，尚未支付"),
    (COMPLAINANT, 4, "提出的投诉（编号 TS202600000001）尚未处理完毕"),
    (RESPONDENT, 4, "对您的投诉（编号 TS202600000002）尚未处理完毕"),
    (DISPUTE_FROZEN, 4, "账号因争议于"),
    (RECENT_SIGN_IN, 5, "异地登录"),
    (PENALTY_FROZEN, 6, "发布违规信息，账号冻结"),
)


@pytest.mark.parametrize(
    ("who", "number", "fact"), BLOCKED, ids=lambda one: getattr(one, "key", "")
)
def test_a_failed_condition_is_named_and_leaves_no_way_on(
    arrives: Arrives, portal: Live, who: Person, number: int, fact: str
) -> None:
    person = arrives(who, portal, PHONE)
    person.verifies()
    failed = person.page.get_by_role("listitem").filter(has_text="未通过")
    assert failed.count() == 1
    assert failed.get_by_role("heading").inner_text().startswith(f"{number}. ")
    assert fact in failed.inner_text()
    assert not person.sees("button", "确认并继续")
    person.presses("link", "重新检查")
    assert "现在还不能注销" in person.text


@pytest.mark.parametrize("who", [ABANDONED_ORDER, OLD_SIGN_IN], ids=lambda who: str(who.key))
def test_what_does_not_count_lets_the_person_through(
    arrives: Arrives, portal: Live, who: Person
) -> None:
    person = arrives(who, portal, DESKTOP)
    person.comes_to_confirm()
    assert person.heading == "核对并提交"


def test_unspent_coins_are_given_up_knowingly(arrives: Arrives, hasty_portal: Live) -> None:
    person = arrives(COINS, hasty_portal, PLAIN_PHONE)
    person.verifies()
    person.ticks("checkbox", "这是我本人的账号")
    person.presses("button", "确认并继续")
    assert "请确认您已知晓剩余资产的处理方式" in person.text
    person.confirms_conditions()
    assert "智联币 120 枚" in person.text
    assert "VIP会员服务 34 天" in person.text
    person.accepts_consequences()
    assert "智联币 120 枚" in person.text
    person.confirms()
    person.follows_link()
    person.waits_for("账号已注销")
    assert not hasty_portal.can_sign_in(COINS.id)
