"""The five steps, as a person walks them."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema.account import third_party_binding
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.money import debt, entitlement
from portal.accounts.system import Holdings, Scope
from portal.closure.journey import Stage
from portal.jobs.queue import RedisBell, connect
from portal.services import Services
from portal.store.tables import Closure, Event, Journey, Message
from portal.web.seen import seal
from tests.cast import (
    ABANDONED_ORDER,
    BLOCKED,
    BOUND_APPS,
    CLEAN_SEEKER,
    COINS,
    DEBT,
    MANY_IDENTITIES,
    OLD_SIGN_IN,
    ONLY_SUPER_ADMIN,
    RECRUITER,
)
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.outages import SwitchedAccounts
from tests.web.rows import count, every_row, upstream
from tests.web.steps import PAGES, come_to, prove


def rows(services: Services, table: type) -> list:
    with services.store.begin() as session:
        return list(session.scalars(select(table)))


class TestStart:
    def test_it_says_how_long_it_takes_and_until_when_one_can_turn_back(
        self, browser: Browser
    ) -> None:
        browser.open("/")
        assert browser.heading == "注销智联账号"
        for text in ("全程约 3 分钟", "5 个自然日", "随时恢复", "账号绑定的手机"):
            assert text in browser.text
        assert {"/close/notice", "/track"} <= set(browser.page.links)

    def test_a_phone_that_is_gone_leads_to_the_hotline(self, browser: Browser) -> None:
        browser.open("/close/lost-phone")
        assert "tel:4008859898" in browser.page.links


class TestReading:
    def test_the_page_has_an_empty_box_for_this_very_version(self, browser: Browser) -> None:
        browser.open("/close/notice")
        assert "我已阅读、理解并同意《智联账号注销须知》2025V1 的全部内容" in browser.text
        assert "checked" not in browser.response.text
        assert "第 1 步，共 5 步" in browser.text

    def test_reading_stores_nothing(self, browser: Browser, services: Services) -> None:
        before = every_row(services)
        browser.open("/close/notice")
        assert every_row(services) == before

    def test_an_empty_box_is_told_and_nothing_is_recorded(
        self, browser: Browser, services: Services
    ) -> None:
        before = every_row(services)
        browser.open("/close/notice")
        browser.send()
        assert "请先勾选“我已阅读、理解并同意”，再继续" in browser.text
        assert "#agree" in browser.page.links
        assert browser.page.title.strip().startswith("请更正：")
        assert every_row(services) == before

    @pytest.mark.parametrize("seen", ["", "altered", "foreign", "gone"])
    def test_what_was_shown_cannot_be_made_up(
        self, browser: Browser, services: Services, seen: str
    ) -> None:
        browser.open("/close/notice")
        made_up = {
            "altered": browser.page.fields["seen"][:-5] + "AAAA=",
            "foreign": seal(services, "consequences", {"version": "2025V1"}),
        }
        browser.page.fields["seen"] = made_up.get(seen, "")
        if seen == "gone":
            del browser.page.fields["seen"]
        browser.send(agree="y")
        assert browser.path == PAGES[Stage.NOTICE]
        assert "请重新阅读后再确认" in browser.text
        assert count(services, Journey) == 0

    def test_a_version_that_came_into_force_meanwhile_is_shown_instead(
        self, two_versions: FakeClock, browser: Browser, services: Services
    ) -> None:
        browser.open("/close/notice")
        two_versions.advance(minutes=1)
        browser.send(agree="y")
        assert browser.path == PAGES[Stage.NOTICE]
        assert "须知已更新为 2026V1" in browser.text
        assert "您之前打开的是 2025V1" in browser.text
        assert "checked" not in browser.response.text
        assert "/notices" in browser.page.links
        assert count(services, Journey) == 0

    def test_the_new_version_can_then_be_accepted(
        self, two_versions: FakeClock, browser: Browser, services: Services
    ) -> None:
        browser.open("/close/notice")
        two_versions.advance(minutes=1)
        browser.send(agree="y")
        browser.send(agree="y")
        assert [one.version for one in rows(services, Journey)] == ["2026V1"]

    def test_the_draft_keeps_exactly_what_was_accepted(
        self, browser: Browser, services: Services, clock: FakeClock
    ) -> None:
        shown_at = clock()
        browser.open("/close/notice")
        clock.advance(minutes=3)
        browser.send(agree="y")
        (draft,) = rows(services, Journey)
        published = services.notices.get("2025V1")
        assert (draft.version, draft.language, len(draft.bold_ids)) == ("2025V1", "zh-Hans", 11)
        assert draft.source_sha256 == published.notice.source_sha256
        assert draft.fragment_sha256 == published.fragment.sha256
        assert draft.box_wording == "我已阅读、理解并同意《智联账号注销须知》2025V1 的全部内容"
        assert (draft.shown_at, draft.accepted_at) == (shown_at, clock())
        assert count(services, Event) == 0

    def test_the_code_turns_the_draft_into_events(self, walk: MakeWalk, services: Services) -> None:
        walk(CLEAN_SEEKER).verifies()
        kinds = [event.kind for event in rows(services, Event)]
        assert kinds == ["notice.shown", "notice.accepted", "code.verified"]

    def test_whoever_has_just_given_a_code_need_not_give_another(self, walk: MakeWalk) -> None:
        person = walk(CLEAN_SEEKER)
        person.verifies()
        person.reads_and_agrees()
        assert person.browser.path == PAGES[Stage.CONDITIONS]


class TestSide:
    def test_nothing_is_chosen_for_the_person(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        assert "checked" not in person.browser.response.text
        assert "会同时注销您的全部招聘者身份" in person.browser.text

    def test_no_choice_is_told(self, walk: MakeWalk, services: Services) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        before = every_row(services)
        person.browser.send()
        assert "请选择要注销的身份" in person.browser.text
        assert every_row(services) == before

    def test_the_side_of_somebody_else_cannot_be_chosen(
        self, walk: MakeWalk, services: Services
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        person.chooses(CLEAN_SEEKER.seeker_id)
        assert person.browser.path == PAGES[Stage.SIDE]
        assert "请选择要注销的身份" in person.browser.text

    def test_one_identity_is_no_choice(self, walk: MakeWalk) -> None:
        walk(CLEAN_SEEKER).verifies()
        person = walk(CLEAN_SEEKER)
        person.browser.open(PAGES[Stage.SIDE])
        assert person.browser.path == PAGES[Stage.CONDITIONS]

    def test_another_choice_asks_everything_again(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.recruiter_id(1002))
        person.browser.open(PAGES[Stage.CONFIRM])
        assert person.browser.path == PAGES[Stage.CONDITIONS]

    def test_the_same_choice_again_keeps_everything(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.seeker_id)
        person.browser.open(PAGES[Stage.CONFIRM])
        assert person.browser.path == PAGES[Stage.CONFIRM]


FAILED = dict(zip(BLOCKED, (2, 3, 4, 4, 4, 6, 5, 1), strict=True))
"""Whom which condition keeps."""


class TestConditions:
    @pytest.mark.parametrize(("who", "number"), FAILED.items(), ids=[one.key for one in FAILED])
    def test_whoever_does_not_fulfil_one_learns_which_and_goes_no_further(
        self, walk: MakeWalk, services: Services, who: Person, number: int
    ) -> None:
        person = walk(who)
        person.verifies()
        before = every_row(services)
        text = person.browser.text
        assert "现在还不能注销" in text
        assert "未通过" in text.split(f" {number}. ")[1].split(f" {number + 1}. ")[0]
        assert text.count(" 未通过 ") == 1
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert every_row(services) == before

    @pytest.mark.parametrize("who", [ABANDONED_ORDER, OLD_SIGN_IN], ids=lambda who: who.key)
    def test_what_only_looks_like_an_obstacle_is_none(self, walk: MakeWalk, who: Person) -> None:
        person = walk(who)
        person.verifies()
        assert "未通过" not in person.browser.text
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]

    def test_what_is_settled_passes_at_the_next_look(
        self, walk: MakeWalk, services: Services
    ) -> None:
        person = walk(DEBT)
        person.verifies()
        upstream(services, update(debt).values(settled_at=services.clock()))
        person.browser.open(PAGES[Stage.CONDITIONS])
        assert "未通过" not in person.browser.text

    def test_what_cannot_be_read_is_neither_passed_nor_failed(
        self, walk: MakeWalk, accounts: SwitchedAccounts, services: Services
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONDITIONS)
        before = every_row(services)
        with accounts.without("standing"):
            person.confirms_conditions()
            assert person.browser.path == PAGES[Stage.CONDITIONS]
            assert person.browser.text.count(" 暂时无法检查 ") == 6
            assert "有的条件暂时无法检查，请过几分钟再试。" in person.browser.text
            assert "未通过" not in person.browser.text
        assert every_row(services) == before

    @pytest.mark.parametrize(
        ("ticked", "missing"),
        [
            ({}, {"#owner", "#assets"}),
            ({"owner": "y"}, {"#assets"}),
            ({"assets": "y"}, {"#owner"}),
        ],
    )
    def test_ownership_and_assets_each_need_their_own_box(
        self, walk: MakeWalk, services: Services, ticked: dict[str, str], missing: set[str]
    ) -> None:
        person = walk(COINS)
        person.verifies()
        before = every_row(services)
        person.browser.send(**ticked)
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert {one for one in person.browser.page.links if one in ("#owner", "#assets")} == missing
        assert every_row(services) == before

    def test_whoever_owns_nothing_gives_nothing_up(self, walk: MakeWalk) -> None:
        person = walk(CLEAN_SEEKER)
        person.verifies()
        assert "视为您自动放弃" not in person.browser.text
        person.browser.send(owner="y")
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]

    @pytest.mark.parametrize("seen", ["", "made up"])
    def test_boxes_count_only_for_the_assets_that_were_shown(
        self, walk: MakeWalk, services: Services, seen: str
    ) -> None:
        person = walk(COINS)
        person.verifies()
        before = every_row(services)
        person.browser.send(owner="y", assets="y", seen=seen)
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert "账号情况与您确认时不同，请重新核对注销条件" in person.browser.text
        assert every_row(services) == before

    def test_assets_that_changed_after_they_were_shown_are_shown_again(
        self, walk: MakeWalk, services: Services
    ) -> None:
        person = walk(COINS)
        person.verifies()
        upstream(services, update(entitlement).values(quantity=7))
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert "账号情况与您确认时不同，请重新核对注销条件" in person.browser.text
        assert "智联币 7 枚" in person.browser.text
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]


class Uncounted(SwitchedAccounts):
    """Knows what there is, but not how many."""

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        found = self.real.holdings(scope, shared_jobs_too=shared_jobs_too)
        return replace(found, categories=tuple(replace(one, rows=None) for one in found.categories))


class TestConsequences:
    def look(self, walk: MakeWalk, who: Person, side: str | None = None) -> str:
        person = walk(who)
        person.verifies()
        if side:
            person.chooses(side)
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]
        return person.browser.text

    def test_a_seeker_sees_what_is_cleared(self, walk: MakeWalk) -> None:
        text = self.look(walk, COINS)
        assert "以下商业服务和产品权益将被清空： 智联币 120 枚 VIP会员服务 34 天" in text
        assert "招聘者" not in text
        assert "第三方" not in text

    def test_a_seeker_with_companies_sees_them_go_too(self, walk: MakeWalk) -> None:
        text = self.look(walk, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
        closing = text.split("与之关联的招聘者账号也将被永久注销：")[1].split("求职者身份")[0]
        assert "上海云帆教育咨询有限公司" in closing
        assert "深圳远山物流有限公司" in closing

    def test_one_of_several_identities_leaves_the_account(self, walk: MakeWalk) -> None:
        text = self.look(walk, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
        assert "注销招聘者身份的后果" in text
        assert "账号和其他身份保留，仍可登录" in text
        assert "求职者身份" not in text
        assert "深圳远山物流有限公司" not in text

    def test_a_recruiter_sees_jobs_alone_and_jobs_shared(self, walk: MakeWalk) -> None:
        text = self.look(walk, RECRUITER)
        offline = text.split("注销后自动下线：")[1].split("由协作的账号继续管理，不下线：")
        assert "测试工程师" in offline[0]
        assert "后端工程师" in offline[1]
        assert "后端工程师" not in offline[0]
        assert "未协作或其它账号协作的职位将自动下线" in text
        assert "可以交接或重新分配的超级管理员或企业管理员：秦*、罗*。" in text

    def test_the_only_super_admin_is_told(self, walk: MakeWalk) -> None:
        text = self.look(walk, ONLY_SUPER_ADMIN)
        assert "您是公司唯一的超级管理员，注销后公司将没有超级管理员。" in text

    def test_bound_services_are_named(self, walk: MakeWalk) -> None:
        assert "微信、支付宝、猎头助手" in self.look(walk, BOUND_APPS)

    def test_missing_counts_are_said_and_stop_nobody(
        self,
        make_app: MakeApp,
        services: Services,
        accounts: SwitchedAccounts,
        gateway: FakeGateway,
    ) -> None:
        uncounted = replace(services, accounts=Uncounted(accounts.real))
        person = Walk(Browser(make_app(uncounted)), uncounted, gateway, CLEAN_SEEKER)
        person.verifies()
        person.confirms_conditions()
        assert "暂时无法统计" in person.browser.text
        person.accepts_consequences()
        assert person.browser.path == PAGES[Stage.CONFIRM]

    @pytest.mark.parametrize("seen", ["", "made up", "foreign"])
    def test_only_what_was_shown_is_kept(
        self, walk: MakeWalk, services: Services, seen: str
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONSEQUENCES)
        foreign = seal(services, "consequences another", {"holdings": {}})
        before = every_row(services)
        person.browser.send(seen=foreign if seen == "foreign" else seen)
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]
        assert "请重新了解注销的后果" in person.browser.text
        assert every_row(services) == before


class TestConfirming:
    def test_everything_is_there_to_be_checked(self, walk: MakeWalk) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        for text in (
            "199****0002",
            "版本 2025V1",
            "2026年11月22日 10:00 检查通过",
            "智联币 120 枚",
            "至少到 2026年11月26日 22:00",
            "2026年11月27日 10:00 前",
        ):
            assert text in person.browser.text
        assert COINS.phone[3:] not in person.browser.text
        assert "checked>" not in person.browser.response.text

    def test_an_empty_box_submits_nothing(self, walk: MakeWalk, services: Services) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        before = every_row(services)
        person.browser.send()
        assert "请先勾选“我确认注销”，再提交" in person.browser.text
        assert every_row(services) == before

    def test_submitting_leads_to_the_page_of_the_closure(
        self, walk: MakeWalk, services: Services
    ) -> None:
        reference = walk(COINS).submits()
        (closure,) = rows(services, Closure)
        assert (closure.reference, closure.state) == (reference, "pending")

    def test_it_is_announced_once(self, walk: MakeWalk) -> None:
        person = walk(COINS)
        reference = person.submits()
        assert person.browser.heading == "注销申请已提交"
        person.browser.open(f"/closures/{reference}")
        assert person.browser.heading == "正在核查注销申请"

    def test_a_stale_code_is_asked_for_again_and_everything_is_kept(
        self, walk: MakeWalk, services: Services, clock: FakeClock
    ) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        clock.advance(minutes=15, seconds=1)
        person.browser.send(agree="y")
        assert person.browser.path == PAGES[Stage.VERIFY]
        assert "距离上次验证已超过 15 分钟" in person.browser.text
        assert count(services, Closure) == 0
        prove(person)
        assert person.browser.path == PAGES[Stage.CONFIRM]
        person.browser.send(agree="y")
        assert count(services, Closure) == 1

    def test_a_code_of_15_minutes_ago_still_counts(
        self, walk: MakeWalk, services: Services, clock: FakeClock
    ) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        clock.advance(minutes=15)
        person.browser.send(agree="y")
        assert count(services, Closure) == 1


NOW_DIFFERENT = {
    "an asset is gone": (
        COINS,
        update(entitlement).values(quantity=0),
        Stage.CONDITIONS,
        "账号情况与您确认时不同，请重新核对注销条件。您的申请尚未提交。",
    ),
    "a debt has come": (
        COINS,
        update(debt).values(account_id=COINS.id, settled_at=None),
        Stage.CONDITIONS,
        "账号情况与您确认时不同，请重新核对注销条件。您的申请尚未提交。",
    ),
    "a job has come": (
        RECRUITER,
        insert(job).from_select(
            ["company_id", "recruiter_id", "title", "status", "published_at"],
            select(
                job.c.company_id, job.c.recruiter_id, job.c.title, job.c.status, job.c.published_at
            )
            .where(job.c.recruiter_id == RECRUITER.recruiter_id(1001))
            .limit(1),
        ),
        Stage.CONSEQUENCES,
        "注销的后果与您看过的有变化，请重新了解。您的申请尚未提交。",
    ),
    "a service was bound": (
        BOUND_APPS,
        update(third_party_binding).values(service="飞书"),
        Stage.CONSEQUENCES,
        "注销的后果与您看过的有变化，请重新了解。您的申请尚未提交。",
    ),
}


@pytest.mark.parametrize("change", NOW_DIFFERENT)
def test_what_changed_since_its_step_is_looked_at_again(
    walk: MakeWalk, services: Services, change: str
) -> None:
    who, statement, stage, why = NOW_DIFFERENT[change]
    person = walk(who)
    person.comes_to_confirm()
    upstream(services, statement)
    before = every_row(services)
    person.browser.send(agree="y")
    assert person.browser.path == PAGES[stage]
    assert why in person.browser.text
    assert every_row(services) == before


def test_after_looking_again_one_can_submit(walk: MakeWalk, services: Services) -> None:
    person = walk(COINS)
    person.comes_to_confirm()
    upstream(services, update(entitlement).values(quantity=7))
    person.browser.send(agree="y")
    person.confirms_conditions()
    person.accepts_consequences()
    person.browser.send(agree="y")
    assert person.browser.heading == "注销申请已提交"


class TestTwice:
    def test_a_second_click_submits_nothing_more(self, walk: MakeWalk, services: Services) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        form = person.browser.page
        person.browser.send("/close/confirm", agree="y")
        first = person.browser.path
        person.browser.page = form
        person.browser.send("/close/confirm", agree="y")
        assert person.browser.path == first
        assert (count(services, Closure), count(services, Message)) == (1, 2)

    def test_two_browsers_of_one_person_make_one_closure(
        self,
        walk: MakeWalk,
        app: Flask,
        services: Services,
        gateway: FakeGateway,
        clock: FakeClock,
    ) -> None:
        one, other = walk(COINS), Walk(Browser(app), services, gateway, COINS)
        one.comes_to_confirm()
        clock.advance(minutes=2)
        other.comes_to_confirm()
        for person in (one, other):
            person.browser.send(agree="y")
        assert one.browser.path == other.browser.path
        assert count(services, Closure) == 1

    def test_who_has_an_open_closure_comes_to_it_by_the_code(
        self, walk: MakeWalk, app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        reference = walk(COINS).submits()
        clock.advance(minutes=2)
        elsewhere = Walk(Browser(app), services, gateway, COINS)
        elsewhere.verifies()
        assert elsewhere.browser.path == f"/closures/{reference}"


def test_redis_is_not_needed_to_submit(
    make_app: MakeApp, services: Services, gateway: FakeGateway
) -> None:
    deaf = replace(services, bell=RedisBell(connect("unix:///nowhere/redis.sock")))
    person = Walk(Browser(make_app(deaf)), deaf, gateway, COINS)
    person.submits()
    assert person.browser.heading == "注销申请已提交"


def test_somebody_else_in_this_browser_begins_their_own_journey(
    walk: MakeWalk, services: Services
) -> None:
    walk(COINS).comes_to_confirm()
    walk(CLEAN_SEEKER).tracks()
    walk(CLEAN_SEEKER).verifies()
    browser = walk(CLEAN_SEEKER).browser
    assert browser.path == PAGES[Stage.CONDITIONS]
    assert {one.account_id for one in rows(services, Journey)} == {COINS.id, CLEAN_SEEKER.id}
