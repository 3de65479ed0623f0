"""The phone and the code, on the way to closing and to look after a closure (SECURITY A)."""

import re

import pytest
from flask import Flask

from portal.closure.journey import Stage
from portal.services import Services
from portal.store.tables import Challenge, Message, SignIn
from tests.cast import CLEAN_SEEKER, COINS, NOT_REGISTERED
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.rows import count, every_row
from tests.web.steps import PAGES
from tests.work import work

PHONE_PAGES = ("/close/phone", "/track")
CODE_PAGE = {"/close/phone": "/close/code", "/track": "/track/code"}


@pytest.fixture
def waiting(walk: MakeWalk) -> Walk:
    """Somebody whose code has arrived and who has not typed it yet."""
    person = walk(COINS)
    person.reads_and_agrees()
    person.types_phone()
    work(person.services)
    assert person.browser.path == "/close/code"
    return person


def wrong(person: Walk) -> str:
    right = person.gateway.last_code(person.person.phone)
    return f"{(int(right) + 1) % 1_000_000:06}"


def types_wrong(person: Walk, times: int) -> None:
    for _ in range(times):
        person.browser.send("/close/code", code=wrong(person))


def again(person: Walk) -> None:
    """Ask for another code."""
    person.browser.open("/close/code")
    person.browser.send("/close/resend")
    work(person.services)


@pytest.fixture
def locked(waiting: Walk, clock: FakeClock) -> Walk:
    """Somebody who typed ten wrong codes."""
    types_wrong(waiting, 5)
    clock.advance(minutes=1, seconds=20)
    again(waiting)
    types_wrong(waiting, 5)
    return waiting


class TestPhone:
    @pytest.mark.parametrize("page", PHONE_PAGES)
    @pytest.mark.parametrize(
        ("typed", "text"), [("", "请输入手机号"), ("110", "请输入 11 位的中国大陆手机号")]
    )
    def test_what_is_no_number_is_told_and_asks_for_nothing(
        self, walk: MakeWalk, services: Services, page: str, typed: str, text: str
    ) -> None:
        person = walk(COINS)
        person.reads_and_agrees()
        person.browser.open(page)
        before = every_row(services)
        person.browser.send(phone=typed)
        assert person.browser.path == page
        assert text in person.browser.text
        assert f'value="{typed}"' in person.browser.response.text
        assert every_row(services) == before

    def test_the_field_suits_a_telephone(self, browser: Browser) -> None:
        browser.open("/track")
        for attribute in ('type="tel"', 'inputmode="tel"', 'autocomplete="tel"'):
            assert attribute in browser.response.text

    def test_the_code_page_shows_the_number_only_masked(self, waiting: Walk) -> None:
        assert "199****0002" in waiting.browser.text
        assert COINS.phone[3:] not in waiting.browser.response.text

    def test_no_more_codes_than_are_good_for_one_number_and_it_says_when_again(
        self, walk: MakeWalk, app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        for _ in range(5):
            ask(app, COINS.phone)
            clock.advance(minutes=1)
        sixth = ask(app, COINS.phone)
        assert sixth.path == "/track"
        assert "暂时不能发送验证码" in sixth.text
        assert "2026年11月22日 11:00 后再试" in sixth.text
        work(services)
        assert len(gateway.sent) == 5

    def test_at_the_shown_time_it_works_again(
        self, app: Flask, services: Services, clock: FakeClock
    ) -> None:
        clock.advance(seconds=30)
        for _ in range(5):
            ask(app, COINS.phone)
            clock.advance(minutes=1)
        shown = re.search(r"11:0(\d) 后再试", ask(app, COINS.phone).text)
        assert shown
        clock.at(clock().replace(hour=3, minute=int(shown[1]), second=0))
        assert ask(app, COINS.phone).path == "/track/code"

    def test_the_number_that_was_asked_for_a_moment_ago_still_has_its_code(
        self, waiting: Walk, services: Services
    ) -> None:
        waiting.browser.open("/close/phone")
        waiting.types_phone()
        assert waiting.browser.path == "/close/code"
        assert count(services, Message) == 1

    def test_a_forged_address_is_no_other_address(
        self, app: Flask, services: Services, clock: FakeClock
    ) -> None:
        for last in range(2):
            person = Browser(app)
            person.client.environ_base["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{last}"
            person.open("/track")
            person.send(phone=f"1990000000{last + 1}")
        addresses = [row for row in every_row(services)["limit_bucket"] if "address" in row]
        assert len(addresses) == 1


def ask(app: Flask, phone: str) -> Browser:
    """Somebody in a new browser asks for a code."""
    browser = Browser(app)
    browser.open("/track")
    browser.send(phone=phone)
    return browser


class TestCode:
    def test_the_field_takes_a_code_from_the_sms(self, waiting: Walk) -> None:
        for attribute in ('inputmode="numeric"', 'autocomplete="one-time-code"', 'maxlength="10"'):
            assert attribute in waiting.browser.response.text
        assert "10:10 前有效" in waiting.browser.text

    @pytest.mark.parametrize("form", ["{0}", " {0} ", "{1}-{2}", "{1} {2}", "{3}"])
    def test_a_code_is_taken_however_it_was_written(self, waiting: Walk, form: str) -> None:
        code = waiting.gateway.last_code(COINS.phone)
        wide = "".join(chr(ord(digit) + 0xFEE0) for digit in code)
        waiting.browser.send(code=form.format(code, code[:3], code[3:], wide))
        assert waiting.browser.path == PAGES[Stage.CONDITIONS]

    @pytest.mark.parametrize(
        ("typed", "text"),
        [
            ("", "请输入短信验证码"),
            ("abcdef", "验证码只能是数字"),
            ("12345", "验证码为 6 位数字"),
            ("1234567", "验证码为 6 位数字"),
        ],
    )
    def test_what_cannot_be_a_code_counts_no_try(
        self, waiting: Walk, services: Services, typed: str, text: str
    ) -> None:
        before = every_row(services)
        waiting.browser.send(code=typed)
        assert text in waiting.browser.text
        assert waiting.browser.path == "/close/code"
        assert every_row(services) == before

    def test_a_field_that_is_missing_is_an_empty_one(self, waiting: Walk) -> None:
        waiting.browser.send()
        assert "请输入短信验证码" in waiting.browser.text

    @pytest.mark.parametrize("tries", [1, 4])
    def test_a_wrong_code_says_how_many_tries_are_left(self, waiting: Walk, tries: int) -> None:
        types_wrong(waiting, tries)
        assert f"验证码不正确，还可以尝试 {5 - tries} 次" in waiting.browser.text

    def test_after_five_wrong_ones_the_right_one_is_of_no_use(self, waiting: Walk) -> None:
        types_wrong(waiting, 5)
        assert "验证码已失效，请重新获取" in waiting.browser.text
        waiting.types_code()
        assert "验证码已失效，请重新获取" in waiting.browser.text

    def test_an_expired_code_says_so(self, waiting: Walk, clock: FakeClock) -> None:
        clock.advance(minutes=10)
        waiting.types_code()
        assert "验证码已过期，请重新获取" in waiting.browser.text

    def test_ten_failures_lock_the_number_until_a_time_that_is_shown(
        self, locked: Walk, clock: FakeClock
    ) -> None:
        assert "尝试次数过多" in locked.browser.text
        assert "11:00 后再试" in locked.browser.text
        clock.at(clock().replace(hour=2, minute=59, second=59))
        again(locked)
        assert "暂时不能发送验证码" in locked.browser.text
        assert "11:00 后再试" in locked.browser.text

    def test_at_that_time_a_new_code_opens(self, locked: Walk, clock: FakeClock) -> None:
        clock.at(clock().replace(hour=3, minute=0, second=0))
        again(locked)
        locked.types_code()
        assert locked.browser.path == PAGES[Stage.CONDITIONS]

    def test_a_code_opens_only_once(self, waiting: Walk, app: Flask, services: Services) -> None:
        form = waiting.browser.page
        code = waiting.gateway.last_code(COINS.phone)
        waiting.browser.send(code=code)
        waiting.browser.page = form
        waiting.browser.send("/close/code", code=code)
        assert waiting.browser.path == PAGES[Stage.CONDITIONS]
        assert count(services, Challenge) == 1

    def test_the_number_in_the_code_form_is_not_listened_to(
        self, waiting: Walk, services: Services, clock: FakeClock
    ) -> None:
        other = {
            "phone": CLEAN_SEEKER.phone,
            "to": CLEAN_SEEKER.phone,
            "number": CLEAN_SEEKER.phone,
        }
        waiting.browser.send(code="123", **other)
        clock.advance(minutes=1)
        waiting.browser.send("/close/resend?phone=19900000001&to=19900000001", **other)
        work(services)
        assert {phone for phone, _ in waiting.gateway.sent} == {COINS.phone}


class TestResend:
    def test_a_new_code_kills_the_old_one(self, waiting: Walk, clock: FakeClock) -> None:
        old = waiting.gateway.last_code(COINS.phone)
        clock.advance(minutes=1)
        waiting.browser.send("/close/resend")
        work(waiting.services)
        assert waiting.browser.path == "/close/code"
        if old != waiting.gateway.last_code(COINS.phone):
            waiting.browser.send(code=old)
            assert "验证码不正确" in waiting.browser.text
        waiting.types_code()
        assert waiting.browser.path == PAGES[Stage.CONDITIONS]

    def test_within_a_minute_no_new_code_is_sent_and_the_page_says_when(
        self, waiting: Walk, services: Services, clock: FakeClock
    ) -> None:
        clock.advance(seconds=59)
        waiting.browser.send("/close/resend")
        assert waiting.browser.path == "/close/code"
        assert "10:01 后可以重新发送" in waiting.browser.text
        assert count(services, Message) == 1

    def test_without_a_code_to_send_again_the_number_is_asked_for(self, walk: MakeWalk) -> None:
        person = walk(COINS)
        person.reads_and_agrees()
        person.browser.send("/close/resend")
        assert person.browser.path == "/close/phone"


def test_another_account_in_the_same_browser_ends_the_first_sign_in(
    walk: MakeWalk, services: Services
) -> None:
    walk(COINS).tracks()
    walk(CLEAN_SEEKER).tracks()
    assert count(services, SignIn) == 1


_OWN = re.compile(r'name="csrf_token" value="[^"]*"|[0-9]{3}[*]{4}[0-9]{4}|value="1[0-9]{10}"')


def everything_shown(app: Flask, number: str, clock: FakeClock, page: str) -> list[object]:
    """What somebody who does not get a code is answered, up to where the number is locked."""
    clock.at(FakeClock()())
    browser = Browser(app)
    code_page = CODE_PAGE[page]
    browser.open("/close/notice")
    browser.send(agree="y")
    answers = []
    wrong_codes = [(code_page, {"code": typed}) for typed in ("", "x", "12", *["000000"] * 6)]
    for path, fields in [
        (page, {"phone": number}),
        (page, {"phone": number}),
        *wrong_codes,
        (code_page.replace("code", "resend"), {}),
        *wrong_codes,
        (code_page.replace("code", "resend"), {}),
        (page, {"phone": number}),
    ]:
        if path.endswith("resend"):
            clock.advance(minutes=1)
        browser.open(page)
        browser.send(path, **fields)
        headers = dict(browser.response.headers)
        headers.pop("Set-Cookie", None)
        headers.pop("Content-Length")
        headers.pop("X-Request-ID")
        answers.append((browser.path, headers, _OWN.sub("#", browser.response.text)))
    return answers


@pytest.mark.parametrize("page", PHONE_PAGES)
def test_a_number_without_an_account_is_shown_the_very_same(
    app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock, page: str
) -> None:
    known = everything_shown(app, CLEAN_SEEKER.phone[3:], clock, page)
    unknown = everything_shown(app, NOT_REGISTERED[3:], clock, page)
    assert any("尝试次数过多" in str(answer) for answer in known)
    assert known == unknown
    work(services)
    assert NOT_REGISTERED not in {phone for phone, _ in gateway.sent}
