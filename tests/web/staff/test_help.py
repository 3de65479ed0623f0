"""Help cases at the console, page by page."""

import pytest
from flask import Flask

from portal.helpdesk import following
from portal.helpdesk.retention import tidy
from portal.services import Services
from portal.staffroom import proposals
from portal.staffroom.roles import Role
from portal.store.tables import Event, HelpCase
from tests.cast import NOT_REGISTERED
from tests.client import Browser
from tests.fakes import FakeClock
from tests.staffroom.staff import called, opened
from tests.web.help_pages import TEXT, asks
from tests.web.outages import SwitchedAccounts
from tests.web.routes import UNKNOWN_CASE
from tests.web.rows import every_row, rows
from tests.web.staff.conftest import Desk

BOXES = {"name": "y", "applications": "y", "why": "姓名和三次投递都对得上。"}


@pytest.fixture
def person(app: Flask) -> Browser:
    """Somebody who has lost their phone and written so."""
    browser = Browser(app)
    asks(browser)
    return browser


@pytest.fixture
def number(person: Browser) -> str:
    return person.path.rsplit("/", 1)[1]


def case(number: str, *more: str) -> str:
    return "/".join(("/staff/help", number, *more))


class TestList:
    def test_it_says_by_when(self, desk: Desk, number: str, clock: FakeClock) -> None:
        browser = desk(Role.VIEWER)
        browser.open("/staff/help")
        assert f"{number} 手机号停用了，收不到验证码" in browser.text
        assert "2026年12月7日 10:00" in browser.text
        assert "逾期" not in browser.text
        assert TEXT not in browser.text

    def test_overdue_is_said_in_words(self, desk: Desk, number: str, clock: FakeClock) -> None:
        clock.advance(days=15)
        assert "逾期" in desk(Role.VIEWER).open("/staff/help").text

    @pytest.mark.parametrize("state", ["answered", "ended", "none", "'"])
    def test_filters(self, desk: Desk, number: str, state: str) -> None:
        text = desk(Role.VIEWER).open(f"/staff/help?state={state}").text
        assert (number in text) == (state not in ("answered", "ended"))


class TestCase:
    def test_everything_to_answer_by(self, desk: Desk, number: str) -> None:
        browser = desk(Role.VIEWER)
        browser.open(case(number))
        for part in (TEXT, "199****0001", "发邮件：me@example.com", "没有验证过"):
            assert part in browser.text
        assert not any(link.endswith("/answer") for link in browser.page.links)

    def test_looking_is_in_the_ledger(self, desk: Desk, services: Services, number: str) -> None:
        desk(Role.VIEWER).open(case(number))
        assert rows(services, Event)[-1].kind == "evidence.looked"

    def test_a_number_that_nobody_registered(self, desk: Desk, app: Flask) -> None:
        asks(browser := Browser(app), number=NOT_REGISTERED)
        reviewer = desk(Role.REVIEWER)
        reviewer.open(case(browser.path.rsplit("/", 1)[1]))
        assert "所说的手机号没有注册" in reviewer.text
        assert not any(link.endswith("/vouch") for link in reviewer.page.links)
        reviewer.open(case(browser.path.rsplit("/", 1)[1], "vouch"))
        assert "查不到求助人所说的账号" in reviewer.text

    def test_away_it_says_so(self, desk: Desk, number: str, accounts: SwitchedAccounts) -> None:
        browser = desk(Role.REVIEWER)
        with accounts.without("find"):
            browser.open(case(number))
        assert "暂时无法读取" in browser.text

    @pytest.mark.parametrize("path", ["", "answer", "end", "vouch"])
    def test_an_unknown_one_is_not_found(self, desk: Desk, path: str) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(UNKNOWN_CASE, path) if path else case(UNKNOWN_CASE))
        assert (browser.response.status_code, browser.heading) == (404, "找不到这一页")


class TestAnswer:
    def test_two_steps_and_the_person_reads_it(
        self, desk: Desk, person: Browser, number: str
    ) -> None:
        browser = desk(Role.REVIEWER, "李审")
        browser.open(case(number, "answer"))
        browser.send(text="您好，<b>请</b>再等等。")
        assert browser.heading == f"确认答复 {number}"
        person.open(person.path)
        assert "请</b>再等等" not in person.text
        browser.send(sure="y")
        assert browser.path == case(number)
        assert "李审 2026年11月22日 10:00" in browser.text
        person.open(person.path)
        assert person.heading == "求助已答复"
        assert "客服 2026年11月22日 10:00" in person.text
        assert "您好，<b>请</b>再等等。" in person.text
        assert "李审" not in person.text

    def test_going_back_keeps_what_was_typed(self, desk: Desk, number: str) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(number, "answer"))
        browser.send(text="草稿")
        browser.send(back="y")
        assert "草稿" in browser.text
        assert "请先更正" not in browser.text

    @pytest.mark.parametrize("text", ["", " ", "字" * 2001])
    def test_what_can_not_be_said(
        self, desk: Desk, services: Services, number: str, text: str
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(number, "answer"))
        assert TEXT in browser.text
        browser.send(text=text, sure="y")
        assert "请先更正以下内容" in browser.text
        assert following_words(services) == [TEXT]

    def test_the_slower_of_two_sees_who_and_loses_no_word(
        self, desk: Desk, services: Services, number: str
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.REVIEWER, "王审")
        for browser in (first, second):
            browser.open(case(number, "answer"))
            browser.send(text=f"答复 {id(browser)}")
        first.send(sure="y")
        second.send(sure="y")
        assert second.response.status_code == 409
        assert "已被 李审 于 2026年11月22日 10:00 更新" in second.text
        assert f"答复 {id(second)}" in second.text
        assert len(following_words(services)) == 2
        second.send(text="看过了，补充一句", sure="y")
        assert len(following_words(services)) == 3

    def test_a_token_that_expired_gives_the_answer_back(self, desk: Desk, number: str) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(number, "answer"))
        browser.send(text="写了很久的答复", csrf_token="")
        assert browser.response.status_code == 403
        assert "写了很久的答复" in browser.text

    def test_who_was_signed_out_while_writing_loses_no_word(
        self, desk: Desk, number: str, clock: FakeClock, services: Services
    ) -> None:
        browser = desk(Role.REVIEWER, "李审")
        browser.open(case(number, "answer"))
        clock.advance(minutes=11)
        before = every_row(services)
        browser.send(text="写了很久的答复", sure="y")
        assert (browser.response.status_code, browser.heading) == (403, "登录已失效")
        assert "写了很久的答复" in browser.text
        assert every_row(services) == before
        with browser.client.session_transaction() as session:
            session["staff"] = opened(services, called(services, "李审"))
        browser.send(text="写了很久的答复")
        assert browser.heading == f"确认答复 {number}"


def following_words(services: Services) -> list[str]:
    (row,) = rows(services, HelpCase)
    talk = following.follow(services, row.id)
    assert talk
    return [word.text for word in talk.words]


class TestEnd:
    def test_it_ends_after_the_second_step(self, desk: Desk, person: Browser, number: str) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(number, "end"))
        assert browser.heading == f"确认结束 {number}"
        browser.send(sure="y")
        person.open(person.path)
        assert person.heading == "求助已结束"
        browser.open(case(number, "answer"))
        assert "已经结束，没有做任何改动" in browser.text

    def test_not_over_a_word_of_the_person(
        self, desk: Desk, person: Browser, number: str, services: Services
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(number, "end"))
        form = browser.page
        person.send(text="还有一件事")
        browser.page = form
        browser.send(case(number, "end"), sure="y")
        assert "已被 申请人 于" in browser.text
        assert rows(services, HelpCase)[0].state == "open"


class TestVouch:
    def propose(self, browser: Browser, number: str, **changed: str) -> None:
        browser.open(case(number, "vouch"))
        browser.send(**{**BOXES, **changed})
        if browser.heading.startswith("确认提出"):
            browser.send(sure="y")

    @pytest.mark.parametrize(
        ("changed", "said"),
        [({"name": ""}, "至少核对两项"), ({"why": " "}, "请写明怎样核对的")],
    )
    def test_what_is_missing_is_named(
        self, desk: Desk, services: Services, number: str, changed: dict[str, str], said: str
    ) -> None:
        browser = desk(Role.REVIEWER)
        self.propose(browser, number, **changed)
        assert said in browser.text
        assert proposals.waiting(services) == []

    def test_from_the_proposal_to_the_persons_button(
        self, desk: Desk, person: Browser, number: str
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.SUPERVISOR, "主管")
        self.propose(first, number)
        assert "等待另一位主管复核" in first.text
        person.open(person.path)
        assert "继续办理" not in person.text
        second.open("/staff/proposals")
        (link,) = [one for one in second.page.links if one.startswith("/staff/proposals/")]
        second.open(link)
        for part in ("求助代替短信验证", number, "199****0001", "姓名、投递或面试记录", "李审"):
            assert part in second.text
        second.send(f"{link}/approve")
        assert "已同意并执行" in second.text
        person.open(person.path)
        person.send(f"{person.path}/go-on")
        assert person.path == "/close/notice"

    def test_nobody_is_their_own_second(
        self, desk: Desk, person: Browser, number: str, services: Services
    ) -> None:
        browser = desk(Role.SUPERVISOR)
        self.propose(browser, number)
        (one,) = proposals.waiting(services)
        browser.open(f"/staff/proposals/{one.row.id}")
        browser.send(f"/staff/proposals/{one.row.id}/approve")
        assert "不能同意自己提出的事项" in browser.text
        person.open(person.path)
        assert "继续办理" not in person.text

    def test_the_same_twice(self, desk: Desk, number: str) -> None:
        self.propose(desk(Role.REVIEWER, "李审"), number)
        self.propose(other := desk(Role.REVIEWER, "王审"), number)
        assert "已有同样的提议" in other.text


def test_an_alert_leads_to_its_case(
    desk: Desk, services: Services, number: str, clock: FakeClock
) -> None:
    clock.advance(days=15)
    tidy(services)
    browser = desk(Role.VIEWER)
    browser.open("/staff/alerts")
    assert "求助超过 15 天没有答复" in browser.text
    assert case(number) in browser.page.links
