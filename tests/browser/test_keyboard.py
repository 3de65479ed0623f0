"""The whole journey with Tab, Space, Enter and digits, and one always sees where one is."""

import pytest
from playwright.sync_api import Locator

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, Person
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

HAS_FOCUS = "one => one === document.activeElement"
SHOWS_FOCUS = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  return parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none"
    && box.bottom > 0 && box.top < innerHeight;
}"""
LONGEST_PAGE = 60


def tabs_to(person: Person, target: Locator) -> None:
    for _ in range(LONGEST_PAGE):
        person.page.keyboard.press("Tab")
        assert person.page.evaluate(SHOWS_FOCUS), person.page.url
        if target.evaluate(HAS_FOCUS):
            return
    raise AssertionError(f"{target} can't be reached by keyboard")


def presses(person: Person, role: str, name: str) -> None:
    tabs_to(person, person.finds(role, name))
    person.goes(lambda: person.page.keyboard.press("Enter"))


def ticks_all(person: Person) -> None:
    for box in person.page.get_by_role("checkbox").all():
        tabs_to(person, box)
        person.page.keyboard.press("Space")


def types(person: Person, label: str, text: str) -> None:
    tabs_to(person, person.page.get_by_label(label, exact=True))
    person.page.keyboard.type(text)
    person.goes(lambda: person.page.keyboard.press("Enter"))


def test_the_whole_journey(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, DESKTOP)
    person.opens("/")
    presses(person, "link", "开始办理")
    ticks_all(person)
    presses(person, "button", "同意并继续")
    types(person, "手机号", CLEAN_SEEKER.phone)
    types(person, "短信验证码", person.reads_code())
    ticks_all(person)
    presses(person, "button", "确认并继续")
    presses(person, "button", "我已了解，继续")
    ticks_all(person)
    presses(person, "button", "提交注销申请")
    assert person.heading == "注销申请已提交"


def test_the_first_stop_leads_to_the_text(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, DESKTOP)
    person.opens("/")
    person.page.keyboard.press("Tab")
    assert person.finds("link", "跳到正文").evaluate(HAS_FOCUS)
    person.page.keyboard.press("Enter")
    assert person.page.locator("main").evaluate(HAS_FOCUS)


def test_an_error_takes_the_focus_and_leads_to_its_field(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, DESKTOP)
    person.begins()
    presses(person, "button", "同意并继续")
    assert person.page.get_by_role("alert").evaluate(HAS_FOCUS)
    person.page.keyboard.press("Tab")
    person.page.keyboard.press("Enter")
    assert person.page.get_by_role("checkbox").evaluate(HAS_FOCUS)
