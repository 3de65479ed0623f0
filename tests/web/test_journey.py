"""The five steps, as a person walks them: the beginning, the last click, and twice."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from portal.accounts.sample.schema.account import third_party_binding
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.money import debt, entitlement
from portal.closure.journey import Stage
from portal.jobs.queue import RedisBell, connect
from portal.services import Services
from portal.store.tables import Closure, Journey, Message
from tests.cast import BOUND_APPS, CLEAN_SEEKER, COINS, MANY_IDENTITIES, RECRUITER
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.rows import count, every_row, rows, upstream
from tests.web.steps import PAGES, come_to, prove


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

    @pytest.mark.parametrize("seen", ["", "made up"])
    def test_the_last_click_counts_only_for_a_page_that_was_shown(
        self, walk: MakeWalk, services: Services, seen: str
    ) -> None:
        person = walk(COINS)
        person.comes_to_confirm()
        before = every_row(services)
        person.browser.send(agree="y", seen=seen)
        assert person.browser.path == PAGES[Stage.CONFIRM]
        assert "要注销的内容有变化，请重新核对。您的申请尚未提交。" in person.browser.text
        assert every_row(services) == before

    def test_the_last_click_does_not_confirm_what_was_chosen_in_another_tab(
        self, walk: MakeWalk, services: Services
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM, MANY_IDENTITIES.recruiter_id(1002))
        old_tab = person.browser.page
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.seeker_id)
        person.confirms_conditions()
        person.accepts_consequences()
        person.browser.page = old_tab
        person.browser.send(agree="y")
        assert "要注销的内容有变化，请重新核对。您的申请尚未提交。" in person.browser.text
        assert count(services, Closure) == 0

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
    (somebody_else := walk(CLEAN_SEEKER)).tracks()
    with somebody_else.browser.client.session_transaction() as session:
        assert "journey" not in session
    somebody_else.verifies()
    assert somebody_else.browser.path == PAGES[Stage.CONDITIONS]
    assert {one.account_id for one in rows(services, Journey)} == {COINS.id, CLEAN_SEEKER.id}
