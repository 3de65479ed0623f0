"""Following a closure, and changing one's mind."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from portal.closure import holding
from portal.closure.holding import Reason
from portal.evidence.ledger import Actor
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.outages import SwitchedAccounts
from tests.web.routes import UNKNOWN_TOKEN
from tests.web.rows import every_row
from tests.work import work

YUNFAN = MANY_IDENTITIES.recruiter_id(1002)
LATER_DAYS = re.compile("11月2[67]日")
"""The days on which erasing would begin and be done."""


@pytest.fixture
def submitted(walk: MakeWalk, services: Services) -> Walk:
    """Somebody who looks at the page of the closure they have just submitted."""
    person = walk(COINS)
    person.submits()
    work(services)
    return person


@pytest.fixture
def elsewhere(app: Flask, services: Services, gateway: FakeGateway) -> Callable[[], Walk]:
    """The same person in a new browser."""
    return lambda: Walk(Browser(app), services, gateway, COINS)


def closure_of(services: Services, person: Walk) -> Closure:
    reference = person.browser.path.split("/")[2]
    with services.store.begin() as session:
        return session.query(Closure).filter_by(reference=reference).one()


def look(person: Walk) -> str:
    """The page of the closure, opened again."""
    person.browser.open("/".join(person.browser.path.split("/")[:3]))
    return person.browser.text


def hold(services: Services, person: Walk, reason: Reason = Reason.DISPUTE) -> None:
    holding.hold(services, closure_of(services, person).id, reason, Actor.OPERATOR)


def refuse(services: Services, person: Walk, reason: Reason = Reason.DISPUTE) -> None:
    holding.refuse(services, closure_of(services, person).id, reason, Actor.OPERATOR)


class TestPage:
    def test_while_pending_it_says_until_when_one_can_turn_back(self, submitted: Walk) -> None:
        text = look(submitted)
        assert submitted.browser.heading == "正在核查注销申请"
        assert "可以恢复 至少到 2026年11月26日 22:00" in text
        assert "完成时间 2026年11月27日 10:00 前" in text
        assert "199****0002" in text
        assert COINS.phone[3:] not in text

    def test_while_held_no_instants_are_shown_and_a_reason_is(
        self, submitted: Walk, services: Services
    ) -> None:
        hold(services, submitted)
        text = look(submitted)
        assert submitted.browser.heading == "注销申请已暂停"
        assert "账号涉及未处理完毕的投诉、争议或纠纷。" in text
        assert "暂停中，核查恢复后顺延" in text
        assert not LATER_DAYS.search(submitted.browser.response.text)

    @pytest.mark.parametrize("reason", Reason)
    def test_every_reason_has_public_words(
        self, submitted: Walk, services: Services, reason: Reason
    ) -> None:
        hold(services, submitted, reason)
        held = look(submitted)
        refuse(services, submitted, reason)
        assert reason not in held
        assert "账号" in held.split("已暂停")[1]
        assert "注销申请未通过" in look(submitted)

    def test_an_authority_is_not_named(self, submitted: Walk, services: Services) -> None:
        hold(services, submitted, Reason.AUTHORITY)
        assert "有关国家机关或监管部门调查等（须知第三条第 5 款）" in look(submitted)

    def test_after_a_hold_the_instants_have_moved(
        self, submitted: Walk, services: Services, clock: FakeClock
    ) -> None:
        hold(services, submitted)
        clock.advance(hours=2)
        submitted.tracks()
        holding.resume(services, closure_of(services, submitted).id, Actor.OPERATOR)
        text = look(submitted)
        assert "至少到 2026年11月27日 00:00" in text
        assert "2026年11月27日 12:00 前" in text
        assert "暂停中" not in text

    def test_a_refusal_gives_its_reason_and_what_to_do(
        self, submitted: Walk, services: Services
    ) -> None:
        refuse(services, submitted, Reason.PENALTY)
        text = look(submitted)
        assert submitted.browser.heading == "注销申请未通过"
        assert "账号有未处理完毕的违规限制、冻结或其他处罚。" in text
        assert "对结果有异议，请拨打客服热线" in text
        assert not LATER_DAYS.search(text)

    def test_while_erasing_there_is_nothing_left_to_decide(
        self, submitted: Walk, services: Services, accounts: SwitchedAccounts, clock: FakeClock
    ) -> None:
        clock.advance(hours=108)
        with accounts.without("apply"):
            work(services)
        submitted.follows_link()
        assert submitted.browser.heading == "正在注销账号"
        assert "已注销”" in submitted.browser.text
        assert not any(link.endswith("/restore") for link in submitted.browser.page.links)

    def test_an_address_that_is_no_reference_is_no_page(self, submitted: Walk) -> None:
        for reference in ("ZX-1", "zx-22222-22222", "ZX-00000-00000", "ZX-22222-22222%00", "1"):
            answer = submitted.browser.client.get(f"/closures/{reference}")
            assert answer.status_code == 404


class TestTracking:
    def test_the_code_leads_to_the_open_closure(
        self, submitted: Walk, elsewhere: Callable[[], Walk], clock: FakeClock
    ) -> None:
        clock.advance(minutes=1)
        person = elsewhere()
        person.tracks()
        assert person.browser.path == submitted.browser.path

    def test_without_a_closure_it_says_so(self, walk: MakeWalk) -> None:
        person = walk(CLEAN_SEEKER)
        person.tracks()
        assert person.browser.heading == "没有进行中的申请"


class TestLink:
    def test_it_shows_the_page_and_no_number(
        self, submitted: Walk, elsewhere: Callable[[], Walk]
    ) -> None:
        person = elsewhere()
        person.follows_link()
        assert person.browser.path == submitted.browser.path
        assert "****" not in person.browser.text

    def test_looking_is_all_it_allows(
        self, submitted: Walk, elsewhere: Callable[[], Walk], services: Services
    ) -> None:
        person = elsewhere()
        person.follows_link()
        before = every_row(services)
        for send in (person.browser.open, person.browser.send):
            look(person)
            send(f"{submitted.browser.path}/restore")
            assert person.browser.path == "/track"
            assert "恢复账号前，请先用短信验证码验证身份。" in person.browser.text
        assert every_row(services) == before

    def test_after_a_code_it_goes_on_to_restoring(
        self, submitted: Walk, elsewhere: Callable[[], Walk], clock: FakeClock
    ) -> None:
        clock.advance(minutes=1)
        person = elsewhere()
        person.follows_link()
        person.browser.open(f"{person.browser.path}/restore")
        person.types_phone()
        person.types_code()
        assert person.browser.path == f"{submitted.browser.path}/restore"

    def test_it_does_not_lead_into_a_journey(
        self, submitted: Walk, elsewhere: Callable[[], Walk]
    ) -> None:
        person = elsewhere()
        person.follows_link()
        person.reads_and_agrees()
        assert person.browser.path == "/close/phone"

    def test_whoever_is_signed_in_stays_so(self, submitted: Walk) -> None:
        submitted.follows_link()
        assert "199****0002" in submitted.browser.text

    def test_it_opens_beside_the_journey_of_somebody_else(
        self, submitted: Walk, app: Flask, services: Services, gateway: FakeGateway
    ) -> None:
        other = Walk(Browser(app), services, gateway, CLEAN_SEEKER)
        other.comes_to_confirm()
        other.browser.open(gateway.last_link(COINS.phone))
        assert other.browser.path == submitted.browser.path
        assert "****" not in other.browser.text
        other.browser.open("/close/confirm")
        assert "199****0001" in other.browser.text

    @pytest.mark.parametrize("token", [UNKNOWN_TOKEN, "x", "%00", "..%2f", "a" * 5000])
    def test_an_unknown_one_is_no_page(self, browser: Browser, token: str) -> None:
        browser.open(f"/p/{token}")
        assert (browser.response.status_code, browser.heading) == (404, "找不到这个网页")


class TestRestoring:
    def test_it_takes_one_page_and_one_button(self, submitted: Walk, services: Services) -> None:
        look(submitted)
        (page,) = [link for link in submitted.browser.page.links if link.endswith("/restore")]
        submitted.browser.open(page)
        assert submitted.browser.heading == "恢复账号"
        submitted.browser.send()
        work(services)
        look(submitted)
        assert submitted.browser.heading == "账号已恢复"

    def test_an_identity_is_not_called_an_account(self, walk: MakeWalk) -> None:
        (person := walk(MANY_IDENTITIES)).submits(YUNFAN)
        person.browser.open(f"{person.browser.path}/restore")
        assert person.browser.heading == "恢复招聘者身份"
        person.browser.send()
        assert person.browser.heading == "正在恢复招聘者身份"

    def test_until_the_account_system_has_confirmed_it_is_not_said_to_be_done(
        self, submitted: Walk, services: Services
    ) -> None:
        restores(submitted)
        assert submitted.browser.heading == "正在恢复账号"
        assert "已恢复" not in submitted.browser.text
        work(services)
        assert "已恢复" in look(submitted)
        assert "正在恢复" not in submitted.browser.text

    def test_a_second_click_changes_nothing(self, submitted: Walk, services: Services) -> None:
        submitted.browser.open(f"{submitted.browser.path}/restore")
        form = submitted.browser.page
        submitted.browser.send()
        before = every_row(services)
        submitted.browser.page = form
        submitted.browser.send(f"{submitted.browser.path}/restore")
        assert submitted.browser.heading == "正在恢复账号"
        assert every_row(services) == before

    def test_a_held_closure_can_be_restored(self, submitted: Walk, services: Services) -> None:
        hold(services, submitted)
        restores(submitted)
        assert submitted.browser.heading == "正在恢复账号"

    def test_a_stale_code_is_asked_for_again(
        self, submitted: Walk, services: Services, clock: FakeClock
    ) -> None:
        submitted.browser.open(f"{submitted.browser.path}/restore")
        clock.advance(minutes=15, seconds=1)
        submitted.browser.send()
        assert submitted.browser.path == "/track"
        submitted.types_phone()
        submitted.types_code()
        assert submitted.browser.heading == "恢复账号"
        assert closure_of(services, submitted).state == "pending"

    @pytest.mark.parametrize("done", [False, True])
    def test_too_late_says_since_when(
        self,
        submitted: Walk,
        services: Services,
        accounts: SwitchedAccounts,
        clock: FakeClock,
        done: bool,
    ) -> None:
        clock.advance(hours=109)
        with accounts.without(*([] if done else ["apply"])):
            work(services)
        submitted.follows_link()
        page = f"{submitted.browser.path}/restore"
        for send in (submitted.browser.open, submitted.browser.send):
            look(submitted)
            send(page)
            assert submitted.browser.response.status_code == 409
            assert submitted.browser.heading == "已经无法恢复"
            assert "2026年11月26日 23:00" in submitted.browser.text

    def test_a_refused_closure_shows_that_it_was_refused(
        self, submitted: Walk, services: Services
    ) -> None:
        refuse(services, submitted)
        submitted.browser.open(f"{submitted.browser.path}/restore")
        assert submitted.browser.heading == "注销申请未通过"


def restores(person: Walk) -> None:
    person.browser.open(f"{person.browser.path}/restore")
    person.browser.send()


class TestClosed:
    def test_only_the_link_still_finds_it_and_it_names_nobody(
        self, submitted: Walk, services: Services, clock: FakeClock
    ) -> None:
        page = submitted.browser.path
        clock.advance(hours=108)
        work(services)
        assert submitted.browser.client.get(page).status_code == 404
        submitted.follows_link()
        assert submitted.browser.heading == "账号已注销"
        for personal in ("****", COINS.phone[3:], COINS.name, COINS.id, COINS.mail):
            assert personal not in submitted.browser.response.text

    def test_its_number_gets_no_code_any_more(
        self, submitted: Walk, services: Services, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        clock.advance(hours=108)
        work(services)
        sent = len(gateway.sent)
        submitted.browser.open("/track")
        submitted.types_phone()
        work(services)
        assert submitted.browser.path == "/track/code"
        assert len(gateway.sent) == sent

    def test_closing_one_of_several_identities_says_that_the_account_stays(
        self, walk: MakeWalk, services: Services, clock: FakeClock
    ) -> None:
        person = walk(MANY_IDENTITIES)
        person.submits(YUNFAN)
        work(services)
        clock.advance(hours=108)
        work(services)
        person.follows_link()
        assert person.browser.heading == "招聘者身份已注销"
        assert "招聘者身份已注销，账号仍可登录" in person.browser.text
        assert "****" not in person.browser.text

    def test_the_code_of_an_account_that_stays_does_not_find_it(
        self, walk: MakeWalk, services: Services, clock: FakeClock
    ) -> None:
        person = walk(MANY_IDENTITIES)
        page = f"/closures/{person.submits(YUNFAN)}"
        clock.advance(hours=108)
        work(services)
        person.tracks()
        assert person.browser.heading == "没有进行中的申请"
        assert person.browser.client.get(page).status_code == 404


class TestSigningOut:
    def test_it_ends_what_this_browser_may_see(self, submitted: Walk) -> None:
        page = submitted.browser.path
        look(submitted)
        submitted.browser.send("/sign-out")
        assert submitted.browser.path == "/"
        assert submitted.browser.client.get(page).status_code == 404

    def test_it_ends_the_look_by_a_link_too(
        self, submitted: Walk, elsewhere: Callable[[], Walk]
    ) -> None:
        person = elsewhere()
        person.follows_link()
        person.browser.send("/sign-out")
        assert person.browser.client.get(submitted.browser.path).status_code == 404

    def test_a_copied_cookie_is_dead_afterwards(self, submitted: Walk, app: Flask) -> None:
        page, thief = submitted.browser.path, app.test_client()
        cookie = submitted.browser.client.get_cookie("portal")
        assert cookie
        thief.set_cookie("portal", cookie.value)
        assert thief.get(page).status_code == 200
        look(submitted)
        submitted.browser.send("/sign-out")
        assert thief.get(page).status_code == 404

    def test_the_browser_is_told_to_forget_what_it_kept(self, submitted: Walk) -> None:
        look(submitted)
        token = submitted.browser.page.fields["csrf_token"]
        answer = submitted.browser.client.post("/sign-out", data={"csrf_token": token})
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


class TestLinkAgain:
    def test_after_a_code_it_is_sent_once_more(
        self, elsewhere: Callable[[], Walk], submitted: Walk, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        old = gateway.last_link(COINS.phone)
        clock.advance(minutes=2)
        other = elsewhere()
        other.tracks()
        page = other.browser.path
        other.browser.send(f"{page}/link")
        assert "查看链接已发送到账号绑定的手机号" in other.browser.text
        work(other.services)
        assert gateway.last_link(COINS.phone) != old

    def test_the_fourth_time_in_a_day_it_says_when(
        self, submitted: Walk, services: Services, gateway: FakeGateway
    ) -> None:
        look(submitted)
        page = submitted.browser.path
        for _ in range(4):
            submitted.browser.send(f"{page}/link")
        again = "24 小时内最多重新发送 3 次，2026年11月23日 10:00 后可以再试"
        assert again in submitted.browser.text

    def test_a_link_alone_can_not_ask_for_another(
        self, app: Flask, submitted: Walk, services: Services, gateway: FakeGateway
    ) -> None:
        stranger = Browser(app)
        stranger.open(gateway.last_link(COINS.phone))
        sent = list(gateway.sent)
        assert "重新发送查看链接" not in stranger.text
        stranger.send(f"{stranger.path}/link")
        work(services)
        assert stranger.path == "/track"
        assert gateway.sent == sent
