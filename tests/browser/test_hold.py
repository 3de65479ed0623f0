"""A reviewer stops the clock and lets it go on; the person is told both, in chosen words."""

from datetime import datetime

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE, Person, Screen
from tests.browser.reviewer import Reviewer
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

WORDS = "您有一件投诉尚在调解，预计三日内有结果。"


def promised(person: Person) -> datetime:
    """By when it will be done, as the page says."""
    last = person.page.locator("dl time").last.get_attribute("datetime")
    return datetime.fromisoformat(str(last))


@pytest.fixture
def person(arrives: Arrives, portal: Live) -> Person:
    submitting = arrives(CLEAN_SEEKER, portal, PHONE)
    submitting.submits()
    return submitting


def staff(arrives: Arrives, portal: Live, name: str, screen: Screen = DESKTOP) -> Reviewer:
    reviewer = Reviewer(name, arrives("", portal, screen))
    reviewer.signs_in()
    return reviewer


@pytest.mark.parametrize("screen", [PHONE, DESKTOP, PLAIN_PHONE], ids=str)
def test_held_without_instants_then_resumed_with_later_ones(
    arrives: Arrives, portal: Live, person: Person, screen: Screen
) -> None:
    before = promised(person)
    reviewer = staff(arrives, portal, "reviewer", screen)
    reviewer.holds(person.reference, "dispute", WORDS)
    person.looks_again()
    assert person.heading == "注销申请已暂停"
    assert WORDS in person.text
    assert "已转调解" not in person.text
    assert "暂停中，核查恢复后顺延" in person.text
    assert "完成时间" not in person.text
    assert not portal.can_sign_in(CLEAN_SEEKER.id)
    reviewer.resumes(person.reference)
    person.looks_again()
    assert person.heading == "正在核查注销申请"
    assert WORDS not in person.text
    assert promised(person) > before


def test_what_was_typed_is_there_again_after_going_back(
    arrives: Arrives, portal: Live, person: Person
) -> None:
    reviewer = staff(arrives, portal, "reviewer")
    reviewer.fills_in_hold(person.reference, "dispute", WORDS)
    reviewer.at.presses("button", "返回修改")
    assert reviewer.at.page.get_by_label("对申请人的说明").input_value() == WORDS
    assert reviewer.at.page.get_by_label("原因", exact=True).input_value() == "dispute"


def test_a_hold_by_an_authority_is_released_by_two(
    arrives: Arrives, portal: Live, person: Person
) -> None:
    reviewer = staff(arrives, portal, "reviewer")
    reviewer.holds(person.reference, "authority")
    person.looks_again()
    assert "有关国家机关或监管部门调查等（须知第三条第 5 款）" in person.text
    reviewer.resumes(person.reference, "提交复核")
    person.looks_again()
    assert person.heading == "注销申请已暂停"
    supervisor = staff(arrives, portal, "supervisor", PHONE)
    supervisor.at.opens("/staff/proposals")
    supervisor.at.presses("link", "解除因国家机关而设的暂停")
    supervisor.at.presses("button", "同意并执行")
    person.looks_again()
    assert person.heading == "正在核查注销申请"


def test_a_held_request_can_be_restored(arrives: Arrives, portal: Live, person: Person) -> None:
    staff(arrives, portal, "reviewer").holds(person.reference, "authority")
    person.looks_again()
    person.presses("link", "恢复账号")
    person.presses("button", "恢复账号")
    person.waits_for("账号已恢复")


def test_a_refused_request_says_why_and_what_next(
    arrives: Arrives, portal: Live, person: Person
) -> None:
    why = "处罚申诉期未满，期满后可再申请。"
    staff(arrives, portal, "reviewer", PHONE).refuses(person.reference, "penalty", why)
    person.waits_for("注销申请未通过")
    assert why in person.text
    assert "您可以重新申请" in person.text
