"""Every error has a page that says what happened, whether the request is safe, and a way on."""

import re

import pytest
from flask import Flask
from sqlalchemy.exc import TimeoutError as NoConnectionError

from portal.closure.journey import Stage
from portal.services import Services
from tests.cast import COINS, MANY_IDENTITIES
from tests.client import Browser
from tests.logged import logged
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.outages import SwitchedAccounts, SwitchedStore
from tests.web.routes import UNKNOWN_TOKEN, fill, rules
from tests.web.rows import every_row
from tests.web.steps import PAGES, come_to
from tests.work import work

SAFE = "您的申请尚未提交，已确认的步骤会保留。"
ANSWERS = {"agree": "y", "owner": "y", "assets": "y", "side": MANY_IDENTITIES.seeker_id}
SENTINEL = "SENTINEL-姓名-19900001234"


def sent(walk: Walk, stage: Stage) -> None:
    """Send the form of this step as it should be filled in."""
    walk.browser.send(PAGES[stage], phone=walk.person.phone, **ANSWERS)


WITHOUT_ACCOUNTS = [one for one in Stage if one not in (Stage.NOTICE, Stage.CONDITIONS)]
"""The steps that need the account system; the conditions have a page of their own for it."""


@pytest.mark.parametrize("stage", WITHOUT_ACCOUNTS)
def test_without_the_account_system_the_form_waits_and_nothing_is_lost(
    walk: MakeWalk, accounts: SwitchedAccounts, services: Services, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    form, before = person.browser.page, every_row(services)
    with accounts.without("everything"):
        sent(person, stage)
    answer = person.browser.response
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert SAFE in person.browser.text
    assert every_row(services) == before
    person.browser.page = form
    sent(person, stage)
    assert person.browser.response.status_code == 200
    assert person.browser.path != PAGES[stage]


@pytest.mark.parametrize("stage", WITHOUT_ACCOUNTS[1:])
def test_without_the_account_system_a_step_says_so_and_leads_back_to_itself(
    walk: MakeWalk, accounts: SwitchedAccounts, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    with accounts.without("everything"):
        person.browser.open(PAGES[stage])
    assert person.browser.heading == "暂时无法办理"
    assert PAGES[stage] in person.browser.page.links


def test_a_code_given_while_the_account_system_is_away_counts(
    walk: MakeWalk, accounts: SwitchedAccounts
) -> None:
    person = walk(COINS)
    person.reads_and_agrees()
    person.types_phone()
    with accounts.without("everything"):
        person.types_code()
    assert person.browser.response.status_code == 503
    assert "/close/code" in person.browser.page.links
    person.browser.open("/close/code")
    assert person.browser.path == PAGES[Stage.CONDITIONS]


def test_the_page_of_a_closure_stays_up_without_the_account_system(
    walk: MakeWalk, accounts: SwitchedAccounts
) -> None:
    person = walk(COINS)
    reference = person.submits()
    with accounts.without("everything"):
        person.browser.open(f"/closures/{reference}")
    assert person.browser.heading == "正在核查注销申请"


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_without_the_database_the_page_does_not_claim_to_know(
    walk: MakeWalk, store: SwitchedStore, services: Services, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    form, before = person.browser.page, every_row(services)
    with store.away():
        sent(person, stage)
    assert person.browser.response.status_code == 503
    assert person.browser.response.headers["Retry-After"] == "60"
    assert "暂时无法确认您刚才的操作是否完成" in person.browser.text
    assert every_row(services) == before
    person.browser.page = form
    sent(person, stage)
    assert person.browser.path != PAGES[stage]


def test_an_outage_does_not_write_the_private_link_into_the_log(
    walk: MakeWalk, store: SwitchedStore, stranger: Browser
) -> None:
    person = walk(COINS)
    person.submits()
    work(person.services)
    link = person.gateway.last_link(COINS.phone)
    with logged() as log, store.away():
        stranger.open(link)
    assert stranger.response.status_code == 503
    assert [line["endpoint"] for line in log.read()] == ["progress.link"]
    assert link.removeprefix("/p/") not in log.text


@pytest.mark.parametrize("path", ["/", "/cookies", "/accessibility", "/close/lost-phone"])
def test_pages_that_only_tell_something_need_no_database(
    browser: Browser, walk: MakeWalk, store: SwitchedStore, path: str
) -> None:
    walk(COINS).verifies()
    with store.away():
        browser.open(path)
    assert browser.response.status_code == 200


def test_no_free_connection_is_an_outage_too(app: Flask, browser: Browser) -> None:
    break_views(app, NoConnectionError(SENTINEL))
    browser.open("/track")
    assert browser.response.status_code == 503


def break_views(app: Flask, error: Exception) -> None:
    """Let every view raise this."""

    def broken(**_: str) -> str:
        raise error

    broken.staff_needs = "anybody"  # so that the door of the console is open
    app.view_functions = dict.fromkeys(app.view_functions, broken)


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_failing_page_is_one_line_in_the_log_that_the_person_can_name(
    app: Flask, browser: Browser, method: str, caplog: pytest.LogCaptureFixture
) -> None:
    token = browser.open("/track").fields["csrf_token"]
    break_views(app, RuntimeError(SENTINEL))
    with logged() as log:
        for rule in rules(app, method):
            fields = {"csrf_token": token, "phone": SENTINEL}
            answer = browser.client.open(fill(rule), method=method, data=fields)
            (line,) = log.read()
            assert (answer.status_code, line["error"]) == (500, "RuntimeError")
            assert f"故障编号 {line['reference']}。" in answer.text
            assert SENTINEL not in answer.text
    for secret in (SENTINEL, UNKNOWN_TOKEN):
        assert secret not in log.text + caplog.text


def test_a_failure_in_mid_journey_says_that_nothing_was_submitted(
    app: Flask, walk: MakeWalk
) -> None:
    come_to(person := walk(COINS), Stage.VERIFY)
    break_views(app, RuntimeError(SENTINEL))
    with logged():
        person.browser.open("/close/confirm")
    assert person.browser.heading == "系统出了问题"
    assert SAFE in person.browser.text


@pytest.mark.parametrize("token", [None, "", "foreign", "altered"])
def test_a_form_without_its_own_token_is_refused_and_changes_nothing(
    app: Flask, browser: Browser, walk: MakeWalk, services: Services, token: str | None
) -> None:
    come_to(walk(COINS), Stage.VERIFY)
    own = browser.page.fields["csrf_token"]
    foreign = Browser(app).open("/track").fields["csrf_token"]
    sent_token = {"foreign": foreign, "altered": own[:-1]}.get(token or "", token)
    before = every_row(services)
    for rule in rules(app, "POST"):
        fields = {} if sent_token is None else {"csrf_token": sent_token}
        answer = browser.client.post(fill(rule), data={**fields, "phone": COINS.phone})
        assert answer.status_code == 403, rule
        assert "页面已过期" in answer.text
        assert SAFE in answer.text
    assert every_row(services) == before


def test_the_way_on_from_an_expired_form_is_a_page_that_opens(app: Flask) -> None:
    for rule in rules(app, "POST"):
        browser = Browser(app)
        browser.open("/track")
        browser.page.fields.clear()
        browser.send(fill(rule))
        again = re.search(r'class="button[^"]*" href="([^"]+)"', browser.response.text)
        assert again
        browser.open(again[1])
        # The console sends a stranger to its door.
        theirs = {"reference", "case", "token"} & rule.arguments
        expected = 404 if theirs and not rule.endpoint.startswith("staff.") else 200
        assert browser.response.status_code == expected, rule


def test_a_page_that_is_not_there(browser: Browser) -> None:
    browser.open("/nowhere")
    assert (browser.response.status_code, browser.heading) == (404, "找不到这个网页")
    assert {"/", "/track"} <= set(browser.page.links)


def test_an_address_that_only_takes_forms_says_so(browser: Browser) -> None:
    browser.open("/sign-out")
    assert (browser.response.status_code, browser.heading) == (405, "不能直接打开这个网址")
    assert browser.response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE"])
def test_methods_that_no_page_has_are_refused(browser: Browser, method: str) -> None:
    token = browser.open("/track").fields["csrf_token"]
    answer = browser.client.open("/track", method=method, headers={"X-CSRFToken": token})
    assert answer.status_code == 405


def test_a_form_too_large_is_refused_before_it_is_read(
    browser: Browser, services: Services
) -> None:
    browser.open("/track")
    before = every_row(services)
    browser.send(phone="1" * 1024 * 1024)
    assert (browser.response.status_code, browser.heading) == (413, "提交的内容过大")
    assert every_row(services) == before


def test_a_broken_body_is_refused(browser: Browser) -> None:
    token = browser.open("/track").fields["csrf_token"]
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n1\r\n' for n in range(200)
    )
    answer = browser.client.post(
        "/track",
        data=parts + "--x--",
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token},
    )
    assert answer.status_code == 413


ODD = ["\0", "\u202e199\u200b", "😀" * 50, "\ud7ff\uffff", "'; --", "<u>", "{{7*7}}", " " * 9]


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_whatever_is_typed_gets_a_page_and_is_not_believed(
    walk: MakeWalk, services: Services, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    form, before = person.browser.page, every_row(services)
    for text in ODD:
        person.browser.page = form
        odd = dict.fromkeys(("phone", "side", "seen", "agree", "owner", "assets"), text)
        person.browser.send(PAGES[stage], **odd)
        assert person.browser.response.status_code == 200
        assert person.browser.path == PAGES[stage]
        assert "<u>" not in person.browser.response.text
    assert every_row(services) == before
