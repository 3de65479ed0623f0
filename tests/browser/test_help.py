"""Somebody in trouble writes, is answered, and goes on without the phone they lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_DESKTOP, PLAIN_PHONE, SCREENS, Person, Screen
from tests.browser.reviewer import Reviewer
from tests.cast import CLEAN_SEEKER, DEBT

pytestmark = pytest.mark.browser
each_screen = pytest.mark.parametrize("screen", SCREENS, ids=str)
with_and_without_scripts = pytest.mark.parametrize("screen", [PHONE, PLAIN_DESKTOP], ids=str)
TEXT = "手机上个月丢了，号码已经停用。"


def writes(person: Person, text: str = TEXT) -> None:
    person.types("请说说遇到的问题", text)
    person.ticks("radio", "发邮件")
    person.types("联系电话或邮箱", "me@example.com")
    person.presses("button", "提交")


def secret_of(person: Person) -> str:
    return person.page.locator(".secret").inner_text()


@each_screen
def test_from_a_lost_phone_to_a_case_and_back_to_it(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, portal, screen)
    person.opens("/close/lost-phone")
    person.goes(person.page.get_by_role("main").get_by_role("link", name="在线求助").click)
    person.presses("button", "提交")
    assert "请写下您要说的内容" in person.text
    person.types("账号绑定的手机号", CLEAN_SEEKER.phone)
    writes(person)
    assert person.heading == "求助已收到，等待答复"
    number, secret = person.reference, secret_of(person)
    person.presses("button", "我已记下")
    assert secret not in person.text
    friend = arrives(CLEAN_SEEKER, portal, screen)
    friend.opens("/help")
    friend.presses("link", "查看答复")
    friend.types("求助编号", number)
    friend.types("查询码", secret.lower())
    friend.presses("button", "继续")
    assert TEXT in friend.text
    friend.types("补充说明", "还有一件事")
    friend.presses("button", "发送")
    assert "还有一件事" in friend.text
    friend.presses("button", "结束这次求助")
    assert friend.heading == "求助已结束"


@with_and_without_scripts
def test_from_a_failed_condition(arrives: Arrives, portal: Live, screen: Screen) -> None:
    person = arrives(DEBT, portal, screen)
    person.verifies()
    link = person.page.get_by_role("link", name="联系我们")
    expect(link).to_have_count(1)
    person.goes(link.click)
    assert person.heading == "注销条件 2：欠款或剩余资产"
    writes(person, "这笔欠款我已经还了。")
    assert "这笔欠款我已经还了。" in person.text


@with_and_without_scripts
def test_an_expired_page_gives_back_what_was_written(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, portal, screen)
    person.opens("/help/new/other")
    person.page.context.clear_cookies()
    person.types("请说说遇到的问题", TEXT)
    person.ticks("radio", "打电话")
    person.types("联系电话或邮箱", "010 5869 2828")
    person.presses("button", "提交", 403)
    assert person.page.get_by_label("您写的内容").input_value() == TEXT
    person.presses("button", "重新提交")
    assert person.heading == "求助已收到，等待答复"
    assert TEXT in person.text


def test_from_a_lost_phone_to_a_closed_account_by_two_of_the_staff(
    arrives: Arrives, portal: Live
) -> None:
    person = arrives(CLEAN_SEEKER, portal, PLAIN_PHONE)
    person.opens("/help/new/lost-phone")
    person.types("账号绑定的手机号", CLEAN_SEEKER.phone)
    writes(person)
    number = person.reference
    first = Reviewer("reviewer", arrives("", portal, DESKTOP))
    first.signs_in()
    first.at.presses("link", "求助")
    first.at.presses("link", number)
    assert TEXT in first.at.text
    first.answers(number, "请告诉我们最近投递过的两家公司。")
    person.looks_again()
    assert "请告诉我们最近投递过的两家公司。" in person.text
    person.types("补充说明", "云帆科技和启明软件。")
    person.presses("button", "发送")
    first.vouches(number)
    second = Reviewer("supervisor", arrives("", portal, PHONE))
    second.signs_in()
    second.approves("求助代替短信验证")
    person.looks_again()
    person.presses("button", "继续办理")
    person.agrees()
    person.confirms_conditions()
    person.accepts_consequences()
    person.confirms()
    assert person.heading == "注销申请已提交"
    assert number in person.reads_sms("代替短信验证")
    first.looks_at(person.reference)
    assert "由求助代替短信验证" in first.at.text
    assert "通过短信验证" not in first.at.text
