"""The queue, a case, and every act, page by page."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from portal.closure import brake
from portal.closure.brake import Cause
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.identity import private_link
from portal.services import Services
from portal.staffroom.roles import Role
from portal.store import alerts
from portal.store.tables import Closure, Event
from portal.web.staff.words import REASONS, STATES
from tests.cast import CLEAN_SEEKER, RECENT_SIGN_IN
from tests.client import Browser
from tests.closure import upstream
from tests.closure.journeys import events_of, reload, submitted, verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import SENTINEL, asked
from tests.logged import logged
from tests.web.outages import SwitchedAccounts
from tests.web.rows import rows
from tests.web.staff.conftest import Desk
from tests.work import work

HOLD = {
    "reason": "dispute",
    "basis": "须知第三条第 5 款",
    "source": "工单 1",
    "review_on": "2026-11-30",
    "public": "请等待调解结果。",
    "internal": "<b>内部</b>",
}


def case(closure: Closure, *more: str) -> str:
    return "/".join((f"/staff/cases/{closure.reference}", *more))


class TestQueue:
    def test_it_shows_time_left_in_words(self, desk: Desk, closure: Closure) -> None:
        text = desk(Role.VIEWER).open("/staff").text
        assert "0 逾期" in text
        assert f"{closure.reference} 剩 120 小时 核查中" in text

    def test_overdue_is_said_in_words_too(
        self, desk: Desk, closure: Closure, services: Services, clock: FakeClock
    ) -> None:
        clock.at(closure.promise_at)
        clock.advance(hours=2)
        text = desk(Role.VIEWER).open("/staff").text
        assert "1 逾期" in text
        assert "逾期 2 小时" in text

    def test_the_picture_is_a_table_and_its_bars_are_true(
        self, desk: Desk, closure: Closure
    ) -> None:
        browser = desk(Role.VIEWER)
        browser.open("/staff")
        assert "2026年11月27日 1 " in browser.text
        html = browser.response.get_data(as_text=True)
        assert html.count('<rect class="gauge-value" width="100.0"') == 1
        assert html.count('<rect class="gauge-value" width="0.0"') == 6

    @pytest.mark.parametrize(
        "query", ["state=none", "reason='", "after=x", "after=1.", "after=" + "9" * 40, "after=²."]
    )
    def test_what_is_no_filter_is_no_filter(self, desk: Desk, closure: Closure, query: str) -> None:
        browser = desk(Role.VIEWER)
        browser.open(f"/staff?{query}")
        assert browser.response.status_code == 200
        assert closure.reference in browser.text

    def test_filters_hold(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.VIEWER)
        assert closure.reference not in browser.open("/staff?state=held").text
        assert closure.reference in browser.open("/staff?state=pending").text
        assert closure.reference not in browser.open("/staff?reason=debt").text

    def test_a_phone_is_in_no_address_and_in_no_log(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.VIEWER)
        browser.open("/staff")
        with logged() as log:
            browser.send("/staff/search", sought=CLEAN_SEEKER.phone)
        assert browser.path == case(closure)
        assert CLEAN_SEEKER.phone[3:] not in log.text
        assert browser.client.get("/staff/search").status_code == 405

    def test_what_is_neither_is_said_kindly(self, desk: Desk) -> None:
        browser = desk(Role.VIEWER)
        browser.open("/staff")
        browser.send("/staff/search", sought="1990000")
        assert "请输入完整的受理编号、求助编号，或 11 位手机号" in browser.text
        browser.send("/staff/search", sought="ZX-22222-22222")
        assert "没有这个编号的申请或求助" in browser.text

    def test_a_help_case_is_found_in_the_same_box(self, desk: Desk, services: Services) -> None:
        number = asked(services).case.reference
        browser = desk(Role.VIEWER)
        browser.open("/staff")
        browser.send("/staff/search", sought=number.lower())
        assert browser.path == f"/staff/help/{number}"

    def test_a_phone_finds_both_and_says_which_is_proved(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        number = asked(services).case.reference
        browser = desk(Role.VIEWER)
        browser.open("/staff")
        browser.send("/staff/search", sought=CLEAN_SEEKER.phone)
        assert closure.reference in browser.text
        assert f"{number} 手机号停用了，收不到验证码 · 等待答复" in browser.text
        assert "没有验证过是谁的账号" in browser.text
        assert SENTINEL not in browser.text


class TestCase:
    def test_the_help_cases_of_its_account(
        self, desk: Desk, services: Services, clock: FakeClock, closure: Closure
    ) -> None:
        browser = desk(Role.VIEWER)
        assert "这个账号的求助" not in browser.open(case(closure)).text
        clock.advance(minutes=2)
        number = asked(services, [verified(services, CLEAN_SEEKER)]).case.reference
        browser.open(case(closure))
        assert "这个账号的求助" in browser.text
        assert f"/staff/help/{number}" in browser.page.links
        assert "没有验证过是谁的账号" not in browser.text

    def test_facts_then_and_now(self, desk: Desk, services: Services, closure: Closure) -> None:
        upstream.dispute(services, CLEAN_SEEKER)
        text = desk(Role.VIEWER).open(case(closure)).text
        assert "4. 无投诉、争议或纠纷 通过 未通过" in text
        assert "199****0001" in text
        assert CLEAN_SEEKER.phone[3:] not in text
        assert CLEAN_SEEKER.name not in text

    def test_facts_are_told_about_the_person_not_to_them(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        upstream.complain_about(services, CLEAN_SEEKER)
        assert "被他人投诉（编号 TS202600009999）" in desk(Role.VIEWER).open(case(closure)).text

    def test_away_it_says_so(
        self, desk: Desk, closure: Closure, accounts: SwitchedAccounts
    ) -> None:
        browser = desk(Role.VIEWER)
        with accounts.without("account", "standing"):
            browser.open(case(closure))
        assert browser.text.count("暂时无法检查") == 6
        assert "暂时无法读取" in browser.text

    @pytest.mark.parametrize("method", ["get", "head"])
    def test_looking_is_in_the_ledger(
        self, desk: Desk, services: Services, closure: Closure, method: str
    ) -> None:
        browser = desk(Role.VIEWER)
        getattr(browser.client, method)(case(closure))
        assert events_of(services, closure)[-1].kind == "evidence.looked"

    def test_a_closed_one_has_its_steps(
        self, desk: Desk, services: Services, closure: Closure, clock: FakeClock
    ) -> None:
        clock.at(closure.erase_at)
        work(services)
        text = desk(Role.SUPERVISOR).open(case(closure)).text
        assert "每一步计划与完成的行数" in text
        assert "已不可读" in text
        assert "不予通过" not in text


class TestHold:
    def test_nothing_happens_before_the_second_step(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**HOLD)
        assert browser.heading == f"确认暂停 {closure.reference}"
        assert "申请人会看到 请等待调解结果。" in browser.text
        assert reload(services, closure).state == State.PENDING
        browser.send(sure="y")
        assert browser.path == case(closure)
        assert reload(services, closure).state == State.HELD
        assert "<b>内部</b>" in browser.text

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"reason": ""}, "请选择原因"),
            ({"reason": "because"}, "请选择原因"),
            ({"basis": " "}, "请写明依据"),
            ({"source": ""}, "请写明来源"),
            ({"review_on": ""}, "从今天起 90 天以内"),
            ({"review_on": "morgen"}, "从今天起 90 天以内"),
            ({"review_on": "2026-11-21"}, "从今天起 90 天以内"),
            ({"review_on": "2027-02-21"}, "从今天起 90 天以内"),
            ({"public": "字" * 301}, "最多 300 个字"),
            ({"reason": "authority"}, "固定为须知原文"),
        ],
    )
    def test_what_is_missing_is_named(
        self, desk: Desk, services: Services, closure: Closure, change: dict[str, str], said: str
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**{**HOLD, **change}, sure="y")
        assert said in browser.text
        assert reload(services, closure).state == State.PENDING

    def test_a_megabyte_is_refused(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**{**HOLD, "internal": "字" * 400_000})
        assert browser.response.status_code == 413

    def test_the_loser_of_two_sees_who_and_when_and_nothing_is_done(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.REVIEWER, "王审")
        for browser in (first, second):
            browser.open(case(closure, "hold"))
            browser.send(**HOLD)
        first.send(sure="y")
        second.send(sure="y")
        assert (second.response.status_code, second.heading) == (409, "没有生效")
        assert "已被 李审 于 2026年11月22日 10:00 更新" in second.text
        kinds = [one.kind for one in events_of(services, closure)]
        assert kinds.count("closure.held") == 1

    def test_the_person_may_be_the_faster_one(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER)
        restore(services, closure.id)
        browser.open(case(closure, "hold"))
        assert "已被 申请人 于" in browser.text

    def test_the_persons_page_has_the_public_text_only(
        self, desk: Desk, services: Services, closure: Closure, app: Flask
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**HOLD)
        browser.send(sure="y")
        with services.store.begin() as session:
            token = private_link.make(session, closure.id, services.clock())
        person = Browser(app)
        person.open(f"/p/{token}")
        assert "请等待调解结果。" in person.text
        for internal in ("内部", "工单 1"):
            assert internal not in person.text


def texts(words: Mapping[Any, Any]) -> dict[str, str]:
    return {value: str(text) for value, text in words.items()}


class TestChoices:
    """Of every select: all that can be chosen, by the words for it."""

    @pytest.mark.parametrize("act", ["hold", "refuse"])
    def test_of_a_reason(self, desk: Desk, closure: Closure, act: str) -> None:
        page = desk(Role.REVIEWER).open(case(closure, act))
        assert page.choices == {"reason": {"": "请选择", **texts(REASONS)}}
        assert page.labels["reason"] == "原因"

    def test_of_the_queue(self, desk: Desk) -> None:
        page = desk(Role.VIEWER).open("/staff")
        assert page.choices == {
            "state": {"": "进行中的全部", **texts(STATES)},
            "reason": {"": "不限", **texts(REASONS)},
        }
        assert (page.labels["state"], page.labels["reason"]) == ("状态", "暂停原因")

    def test_what_was_chosen_stays_chosen(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(reason="penalty")
        assert '<option value="penalty" selected>' in re.sub(r"\s+", " ", browser.response.text)


class TestRefuse:
    def test_it_needs_a_text_for_the_person(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "refuse"))
        browser.send(reason="debt", public="", internal="")
        assert "请写明申请人会看到的理由" in browser.text
        browser.send(reason="debt", public="欠款 3 元。", internal="")
        browser.send(sure="y")
        assert reload(services, closure).state == State.REFUSED


class TestTwo:
    def held(self, browser: Browser, closure: Closure) -> None:
        browser.open(case(closure, "hold"))
        browser.send(**{**HOLD, "reason": "authority", "public": ""})
        browser.send(sure="y")

    def test_an_authoritys_hold_goes_on_when_a_second_one_agrees(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        first, second = desk(Role.SUPERVISOR, "李主管"), desk(Role.SUPERVISOR, "王主管")
        self.held(first, closure)
        first.open(case(closure, "resume"))
        first.send(why="结案")
        first.send(sure="y")
        assert reload(services, closure).state == State.HELD
        path = next(one for one in first.open("/staff/proposals").links if "/proposals/" in one)
        first.open(path)
        assert "需要另一位主管同意" in first.text
        first.send(f"{path}/approve")
        assert "不能同意自己提出的事项" in first.text
        assert reload(services, closure).state == State.HELD
        second.open(path)
        second.send(f"{path}/approve")
        assert reload(services, closure).state == State.PENDING
        first.open(path)
        assert "已经有人处理" in first.text

    def test_a_reviewer_is_no_second_person(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.REVIEWER, "王审")
        self.held(first, closure)
        first.open(case(closure, "resume"))
        first.send(why="结案")
        first.send(sure="y")
        path = next(one for one in first.open("/staff/proposals").links if "/proposals/" in one)
        second.open(path)
        for act in ("approve", "decline"):
            assert (
                second.client.post(
                    f"{path}/{act}", data={"csrf_token": second.page.fields.get("csrf_token", "")}
                ).status_code
                == 403
            )
        first.send(f"{path}/decline")
        assert "已撤回" in first.text

    def test_a_waiver_for_somebody_without_a_closure(self, desk: Desk, services: Services) -> None:
        first, second = desk(Role.REVIEWER), desk(Role.SUPERVISOR)
        first.open("/staff")
        first.send("/staff/search", sought=RECENT_SIGN_IN.phone)
        assert "没有注销申请" in first.text
        first.send("/staff/waive", begin="y")
        first.send("/staff/waive", why="")
        assert "请写明理由" in first.text
        first.send("/staff/waive", why="本人出差登录，已核实")
        first.send("/staff/waive", sure="y")
        path = next(one for one in second.open("/staff/proposals").links if "/proposals/" in one)
        assert "199****0010" in second.open(path).text
        second.send(f"{path}/approve")
        assert submitted(services, RECENT_SIGN_IN).state == State.PENDING

    def test_a_help_case_is_no_way_around_the_waiver(self, desk: Desk, services: Services) -> None:
        asked(services, number=RECENT_SIGN_IN.phone)
        staff = desk(Role.REVIEWER)
        staff.open("/staff")
        staff.send("/staff/search", sought=RECENT_SIGN_IN.phone)
        assert "BZ-" in staff.text
        staff.send("/staff/waive", begin="y")
        assert staff.response.status_code == 200

    def test_an_account_is_named_by_what_was_shown_to_this_member_only(
        self, desk: Desk, services: Services
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.REVIEWER, "王审")
        first.open("/staff")
        first.send("/staff/search", sought=RECENT_SIGN_IN.phone)
        stolen = first.page.fields["account"]
        second.open("/staff")
        for account in (stolen, RECENT_SIGN_IN.id, ""):
            second.send("/staff/waive", account=account, why="一", sure="y")
            assert second.response.status_code == 400
            second.open("/staff")

    def test_the_brake_is_lifted_by_two(self, desk: Desk, services: Services) -> None:
        first, second = desk(Role.REVIEWER), desk(Role.SUPERVISOR)
        first.open("/staff/brake")
        assert "没有停下" in first.text
        brake.pull(services, Cause.RATE)
        assert "注销处理已停下" in first.open("/staff").text
        first.open("/staff/brake")
        first.send(why="月底集中到期，已核对")
        first.send(sure="y")
        path = next(one for one in second.open("/staff/proposals").links if "/proposals/" in one)
        second.open(path)
        second.send(f"{path}/approve")
        with services.store.begin() as session:
            assert brake.pulled(session) is None


class TestRetryAndAlerts:
    def test_a_failed_task_is_tried_again(
        self,
        desk: Desk,
        services: Services,
        closure: Closure,
        accounts: SwitchedAccounts,
        clock: FakeClock,
    ) -> None:
        clock.at(closure.erase_at)
        with accounts.without("plan"):
            work(services)
        browser = desk(Role.REVIEWER)
        browser.open(case(closure))
        assert "AccountSystemUnavailableError" in browser.text
        browser.open(case(closure, "retry", "erase"))
        browser.send()
        assert "已安排立即重试" in browser.text
        work(services)
        assert reload(services, closure).state == State.CLOSED

    def test_an_unknown_task_is_not_found(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "retry", "retention"))
        assert browser.response.status_code == 404

    def test_an_alert_is_seen_once(
        self, desk: Desk, services: Services, closure: Closure, clock: FakeClock
    ) -> None:
        with services.store.begin() as session:
            alerts.raise_alert(session, alerts.Kind.OVERDUE, closure.reference, clock())
        browser = desk(Role.REVIEWER)
        browser.open("/staff/alerts")
        path = next(one for one in browser.page.links if "/alerts/" in one)
        browser.open(path)
        browser.send()
        assert "没有需要处理的提醒" in browser.text
        browser.open(path)
        assert browser.response.status_code == 404
        assert "alert.acknowledged" in {one.kind for one in rows(services, Event)}


def test_what_others_add_later_is_shown_by_its_own_name(
    desk: Desk, services: Services, closure: Closure, clock: FakeClock
) -> None:
    with services.store.begin() as session:
        session.execute(update(Closure).values(state=State.HELD, hold_reason="something_new"))
    assert "something_new" in desk(Role.VIEWER).open("/staff").text


def test_no_address_of_the_console_names_a_person(
    app: Flask, desk: Desk, services: Services, closure: Closure
) -> None:
    browser = desk(Role.SUPERVISOR)
    for path in ("/staff", case(closure), case(closure, "hold"), "/staff/proposals"):
        browser.open(path)
        for link in browser.page.links:
            for personal in (CLEAN_SEEKER.phone[3:], CLEAN_SEEKER.id, CLEAN_SEEKER.seeker_id):
                assert personal not in link
