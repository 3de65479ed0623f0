"""A reviewer stops the clock and lets it go on; the person is told both."""

from datetime import datetime

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import PHONE, Person
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


def promised(person: Person) -> datetime:
    """By when it will be done, as the page says."""
    last = person.page.locator("dl time").last.get_attribute("datetime")
    return datetime.fromisoformat(str(last))


def test_held_without_instants_then_resumed_with_later_ones(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    before = promised(person)
    portal.flask("closure", "hold", person.reference, "--reason", "dispute")
    person.looks_again()
    assert person.heading == "注销申请已暂停"
    assert "账号涉及未处理完毕的投诉、争议或纠纷" in person.text
    assert "暂停中，核查恢复后顺延" in person.text
    assert "完成时间" not in person.text
    assert not portal.can_sign_in(CLEAN_SEEKER.id)
    portal.flask("closure", "resume", person.reference)
    person.looks_again()
    assert person.heading == "正在核查注销申请"
    assert promised(person) > before


def test_a_held_request_can_be_restored(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    portal.flask("closure", "hold", person.reference, "--reason", "authority")
    person.looks_again()
    person.presses("link", "恢复账号")
    person.presses("button", "恢复账号")
    person.waits_for("账号已恢复")


def test_a_refused_request_says_why_and_what_next(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    portal.flask("closure", "refuse", person.reference, "--reason", "penalty")
    person.waits_for("注销申请未通过")
    assert "账号有未处理完毕的违规限制、冻结或其他处罚" in person.text
    assert "您可以重新申请" in person.text
