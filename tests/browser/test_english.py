"""The portal in English, walked through by somebody who reads no Chinese."""

import pytest

from portal.language import Language
from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, Screen
from tests.browser.reviewer import Reviewer
from tests.browser.test_other_pages import PAGES, WRONG
from tests.cast import CLEAN_SEEKER, DEBT, MANY_IDENTITIES

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_the_journey_ends_with_a_closed_account(
    arrives: Arrives, hasty_portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, hasty_portal, screen, Language.ENGLISH)
    person.submits()
    assert person.heading == "Your request has been submitted"
    person.follows_link()
    person.waits_for("Your account is closed")
    assert person.path.startswith("/en/closures/")


def test_several_profiles_are_told_apart(arrives: Arrives, portal: Live) -> None:
    person = arrives(MANY_IDENTITIES, portal, PHONE, Language.ENGLISH)
    person.verifies()
    person.chooses("求职者身份")
    person.confirms_conditions()
    assert person.heading == "What closing the account means"


def test_what_is_in_the_way_is_said(arrives: Arrives, portal: Live) -> None:
    person = arrives(DEBT, portal, PHONE, Language.ENGLISH)
    person.verifies()
    assert "Not passed" in person.text


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_the_other_pages_are_in_order(arrives: Arrives, portal: Live, screen: Screen) -> None:
    person = arrives(CLEAN_SEEKER, portal, screen, Language.ENGLISH)
    for path, status in {**dict.fromkeys(PAGES, 200), **WRONG}.items():
        person.opens(f"/en{path}", status)
        assert "400-885-9898 (office hours only)" in person.page.locator("footer").last.inner_text()


def test_one_can_change_the_language_on_the_way(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.begins()
    person.agrees()
    person.presses("link", "English")
    assert (person.path, person.heading) == ("/en/close/phone", "Confirm that it is you")
    person.presses("link", "中文")
    assert (person.path, person.heading) == ("/close/phone", "验证身份")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=str)
def test_the_console_is_english_and_what_people_are_told_is_theirs(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    person.submits()
    number, progress = person.reference, person.path
    reviewer = Reviewer("reviewer", arrives("", portal, screen, Language.ENGLISH))
    reviewer.signs_in()
    assert reviewer.at.heading == "Requests to close"
    reviewer.holds(number, "debt")
    assert reviewer.at.path == f"/en/staff/cases/{number}"
    assert "Paused. The applicant’s progress page gives the explanation." in reviewer.at.text
    person.opens(progress)
    assert "账号有未结清的欠款。" in person.text
    reviewer.resumes(number)
    assert "Checking goes on." in reviewer.at.text
    for page in ("", "/help", "/proposals", "/alerts"):
        reviewer.at.comes_to(f"/staff{page}")
    reviewer.at.comes_to("/staff/cases/ZX-22222-22222", 404)
    reviewer.at.comes_to(f"/staff/cases/{number}")
    reviewer.at.presses("link", "中文")
    assert reviewer.at.path == f"/staff/cases/{number}"
