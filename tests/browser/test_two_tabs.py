"""The same request from two tabs at the same moment."""

import pytest
from sqlalchemy import func, select

from portal.store.tables import Closure
from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, Person
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

SOON = "() => void setTimeout(() => document.querySelector('main form button').click(), 300)"


def test_two_submissions_make_one_closure(arrives: Arrives, portal: Live) -> None:
    first = arrives(CLEAN_SEEKER, portal, DESKTOP)
    first.comes_to_confirm()
    second = first.opens_tab()
    second.opens(first.path)
    tabs = (first, second)
    for tab in tabs:
        tab.ticks("checkbox", "我确认注销")
    for tab in tabs:
        tab.page.evaluate(SOON)
    for tab in tabs:
        tab.page.wait_for_url("**/closures/*")
        assert tab.heading in ("注销申请已提交", "正在核查注销申请")
    assert first.reference == second.reference
    assert closures(portal) == 1
    assert link_sms(first) == 1


def closures(portal: Live) -> int:
    with portal.store.begin() as session:
        return session.scalar(select(func.count()).select_from(Closure)) or 0


def link_sms(person: Person) -> int:
    person.reads_sms("/p/")
    return len([text for text in person.portal.sms(person.number) if "/p/" in text])
