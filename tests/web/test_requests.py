"""What is told of a request: its number, one line when it matters, and never what is personal."""

import re
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from portal.messages.gateway import GatewayError
from portal.services import Services
from tests.cast import COINS
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.logged import logged
from tests.people import Walk
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.outages import SwitchedAccounts, SwitchedStore
from tests.web.production import PRODUCTION, over_https
from tests.work import work

NUMBER = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize("path", ["/", "/notice", "/nowhere", "/static/css/portal.css"])
def test_every_answer_has_a_number_of_its_own(browser: Browser, path: str) -> None:
    numbers = set()
    for _ in range(3):
        with browser.client.get(path) as answer:
            numbers.add(answer.headers["X-Request-ID"])
    assert len(numbers) == 3
    assert all(len(number) == 16 for number in numbers)


@pytest.mark.parametrize("number", [NUMBER, "12345678"])
def test_a_number_given_by_a_proxy_is_taken(
    make_app: MakeApp, services: Services, number: str
) -> None:
    browser = over_https(make_app(replace(services, settings=PRODUCTION)))
    answer = browser.client.get("/", headers={"X-Request-ID": number})
    assert answer.headers["X-Request-ID"] == number


@pytest.mark.parametrize("odd", ["", "short", "x" * 65, "a b c d e f g", "{injected}", "编" * 9])
def test_an_odd_one_is_not(make_app: MakeApp, services: Services, odd: str) -> None:
    browser = over_https(make_app(replace(services, settings=PRODUCTION)))
    answer = browser.client.get("/", environ_overrides={"HTTP_X_REQUEST_ID": odd})
    assert len(answer.headers["X-Request-ID"]) == 16


def test_nor_is_one_that_comes_past_no_proxy(browser: Browser) -> None:
    answer = browser.client.get("/", headers={"X-Request-ID": NUMBER})
    assert answer.headers["X-Request-ID"] != NUMBER


def test_looking_is_not_told(browser: Browser) -> None:
    with logged() as log:
        for path in ("/", "/notice", "/track", "/close/notice"):
            browser.open(path)
    assert log.read() == []


def test_what_changes_something_is_one_line(browser: Browser) -> None:
    browser.open("/close/notice")
    with logged() as log:
        browser.send(agree="y")
    (line,) = log.read()
    assert (line["method"], line["endpoint"], line["status"]) == (
        "POST",
        "journey.agree",
        303,
    )
    assert line["ms"] >= 0
    assert len(line["request"]) == 16


def test_what_fails_is_one_line_too(browser: Browser) -> None:
    with logged() as log:
        browser.open("/nowhere")
    (line,) = log.read()
    assert (line["method"], line["endpoint"], line["status"]) == ("GET", None, 404)
    assert line["request"] == browser.response.headers["X-Request-ID"]


def test_so_is_what_is_slow(app: Flask, browser: Browser) -> None:
    app.view_functions["journey.start"] = lambda: time.sleep(1.01) or "late"  # type: ignore[func-returns-value]
    with logged() as log:
        browser.client.get("/")
    (line,) = log.read()
    assert line["ms"] > 1000


def test_the_line_of_a_closure_names_it(walk: MakeWalk) -> None:
    person = walk(COINS)
    reference = person.submits()
    person.tracks()
    with logged() as log:
        person.browser.open(f"/closures/{reference}/restore")
        person.browser.send()
        person.browser.open("/nowhere")
    restored, nowhere = log.read()
    assert (restored["endpoint"], restored["closure"]) == ("progress.restore", reference)
    assert "closure" not in nowhere


def test_the_reference_of_an_error_page_stands_beside_the_number(
    app: Flask, browser: Browser
) -> None:
    app.view_functions["journey.start"] = lambda: 1 / 0
    with logged() as log:
        browser.open("/")
    (line,) = log.read()
    assert f"故障编号 {line['reference']}。" in browser.text
    assert line["request"] == browser.response.headers["X-Request-ID"]
    assert (line["event"], line["error"]) == ("request failed", "ZeroDivisionError")
    assert line["places"]


INJECTED = [
    "%0d%0aSet-Cookie:%20forged=1",
    '\r\n{"event": "forged"}',
    "\u2028forged",
    "\x1b[2Jforged",
]


@pytest.fixture
def journey(
    walk: MakeWalk,
    stranger: Browser,
    services: Services,
    gateway: FakeGateway,
    store: SwitchedStore,
    accounts: SwitchedAccounts,
    clock: FakeClock,
) -> Callable[[], Walk]:
    """From the notice to the closing, with every mistake and outage on the way."""

    def go() -> Walk:
        person = walk(COINS)
        person.reads_and_agrees()
        gateway.failure = GatewayError("busy", permanent=False)
        person.types_phone()
        work(services)
        gateway.failure = None
        clock.advance(minutes=1)
        for wrong in ("424242", *INJECTED):
            person.browser.send(code=wrong)
        with accounts.without("everything"):
            person.types_code()
        with store.away():
            person.browser.open("/close/conditions")
        person.browser.open("/close/conditions")
        person.confirms_conditions()
        person.accepts_consequences()
        person.browser.send(agree="y")
        person.follows_link()
        for odd in INJECTED:
            stranger.client.get("/p/secret-token-that-nobody-has" + odd.strip("\r\n"))
            stranger.client.get("/closures/" + odd.strip("\r\n"))
            stranger.open("/track")
            stranger.send(phone=COINS.phone + odd)
        with store.away():
            stranger.open(gateway.last_link(COINS.phone))
        clock.advance(hours=108)
        with accounts.without("plan"):
            work(services)
        clock.advance(minutes=1)
        work(services)
        return person

    return go


def test_a_whole_journey_with_everything_going_wrong_tells_nothing_personal(
    journey: Callable[[], Walk], gateway: FakeGateway, caplog: pytest.LogCaptureFixture
) -> None:
    with logged() as log:
        person = journey()
    person.browser.open(gateway.last_link(COINS.phone))
    assert "已注销" in person.browser.heading
    lines = log.read()
    assert {200, 303, 404, 503} <= {line.get("status") for line in lines}
    errors = {line.get("error") for line in lines}
    assert {"SendLaterError", "AccountSystemUnavailableError", "OperationalError"} <= errors
    told = caplog.text + "\n".join(str({**line, "timestamp": ""}) for line in lines)
    links = re.findall(r"/p/([\w-]+)", str(gateway.sent))
    codes = re.findall(r"#([0-9]{6})", str(gateway.sent))
    assert links
    assert codes
    for secret in (
        COINS.phone[3:],
        COINS.name,
        COINS.id,
        COINS.mail,
        *links,
        "nobody-has",
        "forged",
    ):
        assert secret not in told
    for code in (*codes, "424242"):
        assert not re.search(rf"\b{code}\b", told)
