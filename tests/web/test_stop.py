"""The page of the alarm's link: safe to open, one button, honest about what it can do."""

import re

import pytest
from flask import Flask

from portal.closure.lifecycle import State
from portal.identity import stop_link
from portal.services import Services
from portal.store.tables import Closure, HelpCase
from tests.cast import COINS
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.routes import UNKNOWN_TOKEN
from tests.web.rows import every_row
from tests.work import work


@pytest.fixture
def path(services: Services) -> str:
    with services.store.begin() as session:
        return f"/stop/{stop_link.make(session, COINS.id, services.clock())}"


@pytest.fixture
def phone(app: Flask) -> Browser:
    """Where the SMS is read: another browser than the one the request came from."""
    return Browser(app)


@pytest.fixture
def submitted(walk: MakeWalk, services: Services) -> Walk:
    person = walk(COINS)
    person.submits()
    work(services)
    return person


def state(services: Services) -> str:
    with services.store.begin() as session:
        return session.query(Closure).one().state


def test_opening_it_changes_nothing_and_shows_nothing_of_the_person(
    phone: Browser, services: Services, submitted: Walk, path: str
) -> None:
    before = every_row(services)
    for _ in range(2):
        phone.open(path)
        assert phone.heading == "不是您本人操作？"
    assert every_row(services) == before
    assert not re.search(r"199\*|\+86", phone.text)
    assert COINS.name not in phone.text


def test_its_button_holds_and_the_page_says_until_when(
    phone: Browser, services: Services, submitted: Walk, path: str
) -> None:
    phone.open(path)
    phone.send()
    assert state(services) == State.HELD
    assert phone.path == path
    assert phone.heading == "注销申请已暂停"
    assert "暂停到 2026年11月25日 10:00" in phone.text


def test_the_page_of_the_closure_shows_the_hold_and_its_end(
    phone: Browser, submitted: Walk, path: str
) -> None:
    phone.open(path)
    phone.send()
    reference = submitted.browser.path
    submitted.browser.open(reference)
    assert "您通过短信链接暂停了申请，最迟到 2026年11月25日 10:00" in submitted.browser.text
    assert "恢复账号" in submitted.browser.text


def test_without_an_open_closure_it_says_what_one_can_do(phone: Browser, path: str) -> None:
    phone.open(path)
    assert phone.heading == "没有进行中的注销申请"
    assert "修改登录密码" in phone.text
    assert "400-885-9898" in phone.text


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_unknown_link_helps_on(app: Flask, method: str) -> None:
    client = app.test_client()
    app.config["WTF_CSRF_ENABLED"] = False
    address = f"/stop/{UNKNOWN_TOKEN}"
    answer = getattr(client, method)(address, follow_redirects=True)
    assert answer.status_code == 404
    assert "链接已失效" in answer.text


def test_a_forged_press_holds_nothing(
    app: Flask, services: Services, submitted: Walk, path: str
) -> None:
    assert app.test_client().post(path).status_code == 403
    assert state(services) == State.PENDING


def test_wrong_codes_bring_the_link_that_stops_it(
    phone: Browser,
    services: Services,
    submitted: Walk,
    gateway: FakeGateway,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("portal.identity.codes.draw", lambda: "480135")
    clock.advance(minutes=2)
    phone.open("/track")
    phone.send(phone=COINS.phone)
    for _ in range(5):
        phone.send(code="000000")
    work(services)
    link = next(text for number, text in reversed(gateway.sent) if "/stop/" in text)
    phone.open("/stop/" + link.split("/stop/")[1].split()[0])
    phone.send()
    assert state(services) == State.HELD


def test_pressing_it_begins_a_help_case_that_this_browser_can_follow(
    phone: Browser, services: Services, submitted: Walk, path: str
) -> None:
    phone.open(path)
    phone.send()
    number = re.search(r"BZ-\w{5}-\w{5}", phone.text)
    assert number
    phone.open(f"/help/cases/{number[0]}")
    assert phone.heading == "求助已收到，等待答复"
    assert "注销申请不是我本人操作" in phone.text
    assert "查询码" in phone.text


def test_sent_again_because_no_answer_came_it_leads_to_the_same_case(
    phone: Browser, services: Services, submitted: Walk, path: str
) -> None:
    phone.open(path)
    form = phone.page.fields
    phone.client.post(path, data=form)
    with phone.client.session_transaction() as cookie:
        for key in ("objection", "help", "secret"):
            del cookie[key]
    phone.send(path, **form)
    number = re.search(r"BZ-\w{5}-\w{5}", phone.text)
    assert number
    phone.open(f"/help/cases/{number[0]}")
    assert "查询码" in phone.text
    with services.store.begin() as session:
        assert session.query(HelpCase).one().reference == number[0]


def test_pressing_it_again_begins_no_other(
    phone: Browser, app: Flask, services: Services, submitted: Walk, path: str
) -> None:
    other = Browser(app)
    for one in (phone, other):
        one.open(path)
    for one in (phone, other):
        one.send()
    assert other.heading == "注销申请已暂停"
    assert "BZ-" not in other.text
    with services.store.begin() as session:
        case = session.query(HelpCase).one()
    assert case.account_digest is not None
