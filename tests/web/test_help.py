"""Asking for help and following it, as a person meets it."""

import pytest
from sqlalchemy import update

from portal.closure import help_ties, holding
from portal.closure.help_ties import State, account_of
from portal.closure.holding import Reason
from portal.evidence.ledger import Actor, Kind
from portal.helpdesk import following
from portal.helpdesk.topics import ASKING_FOR_NUMBER, Topic
from portal.services import Services
from portal.store.tables import Closure, Event, HelpCase, HelpMessage, SignIn
from tests.cast import CLEAN_SEEKER, COINS, DEBT, MANY_IDENTITIES
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.helpdesk.cases import vouched_for
from tests.logged import logged
from tests.web.conftest import MakeWalk
from tests.web.help_pages import TEXT, WISH, asks, secret_on, shows_a_secret, tracks
from tests.web.routes import UNKNOWN_CASE
from tests.web.rows import count, every_row, rows
from tests.work import work


def only_case(services: Services) -> HelpCase:
    (case,) = rows(services, HelpCase)
    return case


class TestComingFrom:
    def test_a_failed_condition_leads_to_help_with_it(self, walk: MakeWalk) -> None:
        (person := walk(DEBT)).verifies()
        assert "/help/new/condition-2" in person.browser.page.links
        assert "/help/new/condition-1" not in person.browser.page.links

    def test_a_lost_phone_and_a_failed_code_lead_to_help(self, walk: MakeWalk) -> None:
        (person := walk(COINS)).reads_and_agrees()
        person.types_phone()
        assert {"/help/new/no-code", "/close/lost-phone"} <= set(person.browser.page.links)
        person.browser.open("/close/lost-phone")
        assert "/help/new/lost-phone" in person.browser.page.links

    @pytest.mark.parametrize("end", ["hold", "refusal"])
    def test_a_hold_and_a_refusal_lead_to_a_complaint_that_is_tied(
        self, walk: MakeWalk, services: Services, end: str
    ) -> None:
        reference = (person := walk(COINS)).submits()
        act = holding.hold if end == "hold" else holding.refuse
        act(services, closure_id(services), Reason.DISPUTE, Actor.OPERATOR)
        person.browser.open(f"/closures/{reference}")
        assert f"/help/new/{end}" in person.browser.page.links
        asks(person.browser, end)
        case = only_case(services)
        assert (case.topic, account_of(services.vault, case)) == (end, COINS.id)

    def test_every_topic_has_a_form_and_words(self, browser: Browser) -> None:
        browser.open("/help")
        links = [link for link in browser.page.links if link.startswith("/help/new/")]
        assert set(links) == {f"/help/new/{topic}" for topic in Topic}
        for topic in Topic:
            browser.open(f"/help/new/{topic}")
            assert ("账号绑定的手机号" in browser.text) == (topic in ASKING_FOR_NUMBER)
            assert "请不要发送身份证照片" in browser.text

    @pytest.mark.parametrize("topic", ["", "nothing", "hold2", "../hold", "HOLD"])
    def test_another_topic_is_no_page(self, browser: Browser, topic: str) -> None:
        assert browser.client.get(f"/help/new/{topic}").status_code == 404


def closure_id(services: Services) -> str:
    return rows(services, Closure)[0].id


class TestAsking:
    def test_the_page_says_number_secret_and_until_when(self, browser: Browser) -> None:
        path = asks(browser)
        assert path.startswith("/help/cases/BZ-")
        assert browser.heading == "求助已收到，等待答复"
        assert path.rsplit("/", 1)[1] in browser.text
        assert secret_on(browser)
        assert "最迟在 2026年12月7日 10:00 前答复" in browser.text
        assert TEXT in browser.text

    def test_the_secret_is_shown_until_it_was_noted_and_never_again(
        self, browser: Browser, stranger: Browser
    ) -> None:
        number = asks(browser).rsplit("/", 1)[1]
        secret = secret_on(browser)
        browser.open(browser.path)
        assert secret_on(browser) == secret
        browser.send(f"{browser.path}/kept")
        assert not shows_a_secret(browser)
        tracks(stranger, number, secret)
        assert not shows_a_secret(stranger)

    def test_the_cookie_does_not_tell_the_secret(self, browser: Browser) -> None:
        asks(browser)
        secret = secret_on(browser)
        cookie = browser.client.get_cookie("portal")
        with browser.client.session_transaction() as kept:
            assert secret not in str(dict(kept))
        assert cookie
        assert secret not in cookie.value

    def test_the_form_sent_again_leads_to_the_same_case(
        self, browser: Browser, services: Services
    ) -> None:
        browser.open("/help/new/other")
        form = browser.page
        browser.send(**WISH)
        first = browser.path
        browser.page = form
        browser.send("/help/new/other", **{**WISH, "text": "又写了一遍"})
        assert browser.path == first
        assert count(services, HelpCase) == 1

    def test_showing_the_form_stores_nothing(self, browser: Browser, services: Services) -> None:
        before = every_row(services)
        for topic in Topic:
            browser.open(f"/help/new/{topic}")
        assert every_row(services) == before

    @pytest.mark.parametrize(
        ("wrong", "words"),
        [
            ({"text": ""}, "请写下您要说的内容"),
            ({"text": " \r\n\u202e\0 "}, "请写下您要说的内容"),
            ({"text": "字" * 2001}, "最多 2000 字，现在是 2001 字"),
            ({"reach": ""}, "请选择联系方式"),
            ({"reach": "pigeon"}, "请选择联系方式"),
            ({"contact": ""}, "请填写联系电话或邮箱"),
            ({"contact": "me@"}, "请核对联系方式"),
            ({"contact": "12", "reach": "phone"}, "请核对联系方式"),
            ({"contact": "a@b.cn" * 20}, "请核对联系方式"),
            ({"number": "12345"}, "请输入 11 位的中国大陆手机号"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_typed_is_lost(
        self, browser: Browser, services: Services, wrong: dict[str, str], words: str
    ) -> None:
        before = every_row(services)
        asks(browser, **wrong)
        assert words in browser.text
        assert browser.path == "/help/new/lost-phone"
        assert every_row(services) == before
        if "text" not in wrong:
            assert TEXT in browser.text
        elif len(wrong["text"]) > 100:
            assert wrong["text"] in browser.text

    @pytest.mark.parametrize(
        ("reach", "contact"),
        [
            ("phone", "199 0000 0001"),
            ("phone", "010-5869 2828 转 12"),
            ("phone", "+44 20 7946 0000"),
            ("phone", "０１０５８６９２８２８"),
            ("mail", "me+help@example.com"),
        ],
    )
    def test_ways_to_be_reached(self, browser: Browser, reach: str, contact: str) -> None:
        assert asks(browser, reach=reach, contact=contact).startswith("/help/cases/")

    def test_markup_and_steering_characters_do_no_harm(
        self, browser: Browser, services: Services
    ) -> None:
        asks(browser, text="<script>alert(1)</script>\r\n{{7*7}}\0 \u202e反\u202c \x1b[31m '; --")
        assert "<script>alert" not in browser.response.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;\n{{7*7}} 反 [31m" in browser.response.text
        (word,) = following_words(services)
        assert not set(word) & set("\0\x1b\r\u202e\u202c")

    def test_2000_characters_are_taken_whatever_they_are(
        self, browser: Browser, services: Services
    ) -> None:
        asks(browser, text="👩" * 2000)
        assert following_words(services) == ["👩" * 2000]

    def test_a_megabyte_is_refused(self, browser: Browser, services: Services) -> None:
        before = every_row(services)
        asks(browser, text="x" * 1024 * 1024)
        assert browser.response.status_code == 413
        assert every_row(services) == before

    def test_an_altered_form_comes_back_with_what_was_typed(
        self, browser: Browser, services: Services
    ) -> None:
        for drawn in ("", "x", "A" * 80):
            asks(browser, drawn=drawn)
            assert TEXT in browser.text
            assert browser.path == "/help/new/lost-phone"
        browser.send(**WISH)
        assert count(services, HelpCase) == 1

    def test_the_limit_says_until_when_and_keeps_the_text(self, browser: Browser) -> None:
        for _ in range(10):
            asks(browser)
        asks(browser, text="第 11 次")
        assert "请在 2026年11月22日 11:00 后再试" in browser.text
        assert "第 11 次" in browser.text

    def test_nothing_that_was_written_is_in_the_log(self, browser: Browser) -> None:
        with logged() as log:
            asks(browser, text="SENTINEL")
            asks(browser, text="SENTINEL" * 1000)
        assert "SENTINEL" not in log.text
        assert WISH["contact"] not in log.text


def following_words(services: Services) -> list[str]:
    talk = following.follow(services, only_case(services).id)
    assert talk
    return [word.text for word in talk.words]


class TestExpired:
    """Sessions and tokens end; what somebody wrote does not."""

    def test_a_form_without_its_token_gives_the_text_back_and_takes_it_again(
        self, browser: Browser, services: Services
    ) -> None:
        browser.open("/help/new/lost-phone")
        before = every_row(services)
        browser.client.delete_cookie("portal")
        browser.send(**WISH)
        assert (browser.response.status_code, browser.heading) == (403, "页面已过期")
        assert TEXT in browser.text
        assert every_row(services) == before
        browser.send(text=TEXT)
        assert browser.heading == "求助已收到，等待答复"
        assert following_words(services) == [TEXT]

    def test_a_foreign_page_gets_nothing_shown(self, browser: Browser) -> None:
        browser.open("/help/new/lost-phone")
        answer = browser.client.post(
            "/help/new/lost-phone", data=WISH, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        assert TEXT not in answer.text

    def test_the_secret_typed_elsewhere_is_not_given_back(self, browser: Browser) -> None:
        fields = {"number": UNKNOWN_CASE, "secret": "SECRET-SECRET"}
        assert "SECRET-SECRET" not in browser.client.post("/help/track", data=fields).text

    def test_a_word_for_a_case_one_may_not_see_any_more_is_not_lost(
        self, browser: Browser, services: Services, clock: FakeClock
    ) -> None:
        path = asks(browser)
        secret, number = secret_on(browser), path.rsplit("/", 1)[1]
        clock.advance(minutes=31)
        browser.send(path, text="后来的话")
        assert "请再输入一次查询码" in browser.text
        assert "后来的话" in browser.text
        browser.send("/help/track", number=number, secret="wrong", text="后来的话")
        assert "后来的话" in browser.text
        browser.send("/help/track", number=number, secret=secret, text="后来的话")
        assert browser.path == path
        assert following_words(services) == [TEXT, "后来的话"]


class TestFollowing:
    def test_number_and_secret_show_the_case(self, browser: Browser, stranger: Browser) -> None:
        path = asks(browser)
        tracks(stranger, path.rsplit("/", 1)[1], secret_on(browser))
        assert stranger.path == path
        assert TEXT in stranger.text

    def test_wrong_number_and_wrong_secret_are_the_same_page(
        self, browser: Browser, stranger: Browser
    ) -> None:
        number = asks(browser).rsplit("/", 1)[1]
        pages = []
        for one, other in ((number, "WRONG"), (UNKNOWN_CASE, secret_on(browser))):
            tracks(stranger, one, other)
            assert stranger.path == "/help/track"
            plain = stranger.text.replace(one, "").replace(other, "")
            pages.append((stranger.response.status_code, plain))
        assert pages[0] == pages[1]
        assert "编号和查询码不匹配" in stranger.text

    def test_after_many_wrong_ones_it_says_until_when(self, browser: Browser) -> None:
        for _ in range(21):
            tracks(browser, UNKNOWN_CASE, "WRONG")
        assert "输错的次数过多。请在 2026年11月22日 11:00 后再试" in browser.text

    @pytest.mark.parametrize("path", ["", "/end", "/kept", "/go-on"])
    def test_unknown_and_foreign_numbers_are_the_same_404(
        self, browser: Browser, stranger: Browser, services: Services, path: str
    ) -> None:
        theirs = asks(browser)
        asks(stranger)
        before, answers = every_row(services), []
        for case in (theirs, f"/help/cases/{UNKNOWN_CASE}"):
            page = stranger.page
            if path:
                stranger.send(case + path)
            else:
                stranger.open(case)
            answers.append((stranger.response.status_code, stranger.text))
            stranger.page = page
        assert answers[0] == answers[1]
        assert answers[0][0] == 404
        assert every_row(services) == before

    def test_a_word_for_a_foreign_case_is_not_said(
        self, browser: Browser, stranger: Browser, services: Services
    ) -> None:
        theirs = asks(browser)
        asks(stranger)
        before = every_row(services)
        stranger.send(theirs, text="不是我的个案")
        assert stranger.heading == "查看答复"
        assert every_row(services) == before

    def test_a_code_or_a_link_does_not_let_one_see_a_case(
        self, walk: MakeWalk, browser: Browser, stranger: Browser
    ) -> None:
        theirs = asks(stranger)
        (person := walk(COINS)).submits()
        assert person.browser.client.get(theirs).status_code == 404

    def test_it_lies_beside_the_journey(self, walk: MakeWalk) -> None:
        (person := walk(COINS)).comes_to_confirm()
        asks(person.browser, "other")
        person.browser.open("/close/confirm")
        assert person.browser.path == "/close/confirm"

    def test_signing_out_ends_it(self, browser: Browser, services: Services) -> None:
        path = asks(browser)
        browser.send("/sign-out")
        assert browser.client.get(path).status_code == 404
        assert rows(services, SignIn) == []


class TestTalking:
    def test_the_answer_stands_beside_the_question(
        self, browser: Browser, services: Services
    ) -> None:
        path = asks(browser)
        with services.store.begin() as session:
            session.execute(update(HelpCase).values(state=State.ANSWERED))
        browser.open(path)
        assert browser.heading == "求助已答复"
        browser.send(text="还有一件事")
        assert browser.heading == "求助已收到，等待答复"
        assert following_words(services) == [TEXT, "还有一件事"]

    def test_a_word_too_long_comes_back_whole(self, browser: Browser) -> None:
        asks(browser)
        browser.send(text="字" * 2001)
        assert "现在是 2001 字" in browser.text
        assert "字" * 2001 in browser.text

    def test_ending_it_ends_the_talking(self, browser: Browser, services: Services) -> None:
        path = asks(browser)
        form = browser.page
        browser.send(f"{path}/end")
        assert browser.heading == "求助已结束"
        browser.page = form
        browser.send(path, text="太晚了")
        assert "没有发出" in browser.text
        assert "太晚了" in browser.text
        assert count(services, HelpMessage) == 1

    def test_a_forgotten_case_is_no_page_any_more(
        self, browser: Browser, services: Services
    ) -> None:
        path = asks(browser)
        with services.store.begin() as session:
            help_ties.forget(session, HelpCase.state == State.OPEN)
        assert browser.client.get(path).status_code == 404


class TestGoingOn:
    @pytest.fixture
    def vouched(self, browser: Browser, services: Services) -> Browser:
        path = asks(browser)
        vouched_for(services, only_case(services), CLEAN_SEEKER)
        browser.open(path)
        return browser

    def test_without_a_code_to_the_end(
        self, vouched: Browser, services: Services, gateway: FakeGateway, walk: MakeWalk
    ) -> None:
        assert "身份已核对" in vouched.text
        vouched.send(f"{vouched.path}/go-on")
        assert vouched.path == "/close/notice"
        person = walk(CLEAN_SEEKER)
        vouched.send(agree="y")
        assert vouched.path == "/close/conditions"
        person.confirms_conditions()
        person.accepts_consequences()
        vouched.send(agree="y")
        assert vouched.heading == "注销申请已提交"
        kinds = [one.kind for one in rows(services, Event)]
        assert Kind.HELP_VERIFIED in kinds
        assert Kind.CODE_VERIFIED not in kinds
        work(services)
        assert [text for _, text in gateway.sent if "代替短信验证" in text]

    def test_it_counts_as_long_as_somebody_is_there(
        self, vouched: Browser, walk: MakeWalk, clock: FakeClock
    ) -> None:
        vouched.send(f"{vouched.path}/go-on")
        vouched.send(agree="y")
        person = walk(CLEAN_SEEKER)
        person.confirms_conditions()
        clock.advance(minutes=20)
        person.accepts_consequences()
        clock.advance(minutes=20)
        vouched.send(agree="y")
        assert vouched.heading == "注销申请已提交"
        vouched.open(f"{vouched.path}/restore")
        assert vouched.heading == "恢复账号"

    def test_it_binds_what_was_agreed_to_before(self, vouched: Browser, services: Services) -> None:
        page = vouched.path
        vouched.open("/close/notice")
        vouched.send(agree="y")
        assert vouched.path == "/close/phone"
        vouched.open(page)
        vouched.send(f"{page}/go-on")
        assert vouched.path == "/close/conditions"

    def test_it_opens_nothing_but_the_journey(self, vouched: Browser) -> None:
        vouched.send(f"{vouched.path}/go-on")
        vouched.open("/handover")
        assert vouched.path == "/handover/phone"

    def test_a_second_time_it_says_so(self, vouched: Browser, services: Services) -> None:
        page, form = vouched.path, vouched.page
        vouched.send(f"{page}/go-on")
        vouched.page = form
        before = every_row(services)
        vouched.send(f"{page}/go-on")
        assert "已经用过或者过期了" in vouched.text
        assert every_row(services) == before

    def test_without_two_who_vouched_there_is_no_button_and_no_way(
        self, browser: Browser, services: Services
    ) -> None:
        path = asks(browser)
        assert "继续办理" not in browser.text
        browser.send(f"{path}/go-on")
        assert "已经用过或者过期了" in browser.text
        assert count(services, SignIn) == 1

    def test_the_owner_of_the_phone_can_restore(
        self,
        vouched: Browser,
        services: Services,
        gateway: FakeGateway,
        walk: MakeWalk,
        stranger: Browser,
    ) -> None:
        vouched.send(f"{vouched.path}/go-on")
        vouched.send(agree="y")
        person = walk(CLEAN_SEEKER)
        person.confirms_conditions()
        person.accepts_consequences()
        vouched.send(agree="y")
        reference = vouched.path.rsplit("/", 1)[1]
        person.browser = stranger
        person.tracks()
        stranger.open(f"/closures/{reference}/restore")
        stranger.send()
        assert stranger.heading == "正在恢复账号"

    def test_a_journey_of_somebody_else_in_this_browser_is_left(
        self, walk: MakeWalk, services: Services, browser: Browser
    ) -> None:
        (person := walk(MANY_IDENTITIES)).comes_to_confirm(MANY_IDENTITIES.seeker_id)
        path = asks(browser)
        vouched_for(services, only_case(services), CLEAN_SEEKER)
        person.browser.open(path)
        person.browser.send(f"{path}/go-on")
        assert person.browser.path == "/close/notice"
