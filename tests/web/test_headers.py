"""What every answer carries, and whom a form is taken from (SECURITY S5 to S9, S11)."""

import json
import re
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.accounts.system import AccountSystemUnavailableError
from portal.services import Services
from tests.cast import COINS
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.logged import logged
from tests.people import Walk
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.production import PRODUCTION, over_https
from tests.web.routes import fill, rules
from tests.web.rows import every_row

EXPECTED = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def has_them(answer: TestResponse) -> bool:
    return {name: answer.headers.get(name) for name in EXPECTED} == EXPECTED


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST"])
def test_every_page_has_the_headers(app: Flask, method: str) -> None:
    client = app.test_client()
    assert all(has_them(client.open(fill(rule), method=method)) for rule in rules(app, method))


@pytest.mark.parametrize("status", [400, 403, 404, 405, 413, 500, 503])
def test_every_error_has_the_headers(app: Flask, browser: Browser, status: int) -> None:
    token = browser.open("/track").fields["csrf_token"]

    def fails() -> str:
        raise {500: RuntimeError(), 503: AccountSystemUnavailableError()}[status]

    app.view_functions["site.cookies"] = fails
    path = {404: "/nowhere", 405: "/sign-out", 500: "/cookies", 503: "/cookies"}.get(
        status, "/track"
    )
    bodies = {400: {"doubled": ["1", "2"]}, 403: {"csrf_token": ""}, 413: {"large": "1" * 10**6}}
    with logged():
        if status in bodies:
            answer = browser.client.post(path, data={"csrf_token": token} | bodies[status])
        else:
            answer = browser.client.get(path)
    assert answer.status_code == status
    assert has_them(answer)
    assert answer.headers["Cache-Control"] == "no-store"


def test_pages_of_one_person_are_never_stored(app: Flask) -> None:
    client = app.test_client()
    private = [rule for rule in rules(app, "GET") if not rule.rule.startswith("/notice")]
    assert {client.get(fill(rule)).headers["Cache-Control"] for rule in private} == {"no-store"}


@pytest.mark.parametrize("path", ["/static/css/portal.css", "/static/js/portal.js"])
def test_static_files_have_the_headers_too(app: Flask, path: str) -> None:
    with app.test_client().get(path) as answer:
        assert answer.status_code == 200
        assert has_them(answer)
        assert "Access-Control-Allow-Origin" not in answer.headers


def test_production_asks_for_https_from_now_on(make_app: MakeApp, services: Services) -> None:
    app = make_app(replace(services, settings=PRODUCTION))
    for path in ("/", "/notice", "/notice", "/nowhere", "/static/css/portal.css"):
        with app.test_client().get(path) as answer:
            expected = "max-age=31536000; includeSubDomains"
            assert answer.headers["Strict-Transport-Security"] == expected


def test_development_does_not_ask_for_https(app: Flask) -> None:
    assert "Strict-Transport-Security" not in app.test_client().get("/").headers


def test_no_version_of_anything_is_told(app: Flask) -> None:
    assert not re.search(r"[Ww]erkzeug|[Ff]lask|[Pp]ython", str(app.test_client().get("/").headers))


def post(client: FlaskClient, path: str, token: str, **headers: str) -> TestResponse:
    return client.post(path, data={"csrf_token": token}, headers=headers)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_says_comes_from_another_site_is_refused(
    app: Flask, browser: Browser, services: Services, site: str
) -> None:
    token = browser.open("/track").fields["csrf_token"]
    before = every_row(services)
    for rule in rules(app, "POST"):
        answer = post(browser.client, fill(rule), token, **{"Sec-Fetch-Site": site})
        assert answer.status_code == 403
        assert "拒绝了从其他网站发来的提交" in answer.text
    assert every_row(services) == before


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_what_a_browser_says_comes_from_here_is_taken(browser: Browser, site: str) -> None:
    token = browser.open("/track").fields["csrf_token"]
    answer = post(browser.client, "/track", token, **{"Sec-Fetch-Site": site})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 200), ("null", 200), ("https://evil.example", 403)],
)
def test_an_older_browser_is_judged_by_the_origin(
    browser: Browser, origin: str, status: int
) -> None:
    """With no-referrer a browser says null of its own forms; the token then decides alone."""
    token = browser.open("/track").fields["csrf_token"]
    assert post(browser.client, "/track", token, Origin=origin).status_code == status


def test_a_doubled_field_is_refused(browser: Browser) -> None:
    token = browser.open("/track").fields["csrf_token"]
    numbers = [COINS.phone, "19900000001"]
    answer = browser.client.post("/track", data={"csrf_token": token, "phone": numbers})
    assert answer.status_code == 400
    assert "收到的内容不完整或格式不对" in answer.text


def test_fields_that_no_form_declares_change_nothing(walk: MakeWalk, services: Services) -> None:
    person = walk(COINS)
    person.comes_to_confirm()
    person.browser.send(agree="y", state="closed", account_id="x", role="admin", next="//evil")
    closure = every_row(services)["closure"]
    assert len(closure) == 1
    assert "pending" in closure[0]
    assert person.browser.path.startswith("/closures/")


def cookies(answer: TestResponse) -> list[SimpleCookie]:
    return [SimpleCookie(line) for line in answer.headers.getlist("Set-Cookie")]


def test_the_only_cookie_is_kept_from_scripts_and_other_sites(browser: Browser) -> None:
    (cookie,) = cookies(browser.client.get("/close/notice"))
    (morsel,) = cookie.values()
    assert morsel.key == "portal"
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/")
    assert (morsel["domain"], morsel["max-age"], morsel["expires"]) == ("", "", "")


def test_in_production_the_cookie_goes_over_https_only(
    make_app: MakeApp, services: Services
) -> None:
    browser = over_https(make_app(replace(services, settings=PRODUCTION)))
    (cookie,) = cookies(browser.client.get("/close/notice"))
    (morsel,) = cookie.values()
    assert morsel.key == "__Host-portal"
    assert (morsel["secure"], morsel["httponly"], morsel["path"]) == (True, True, "/")


def test_the_whole_way_works_in_production(
    make_app: MakeApp, services: Services, gateway: FakeGateway
) -> None:
    browser = over_https(make_app(replace(services, settings=PRODUCTION)))
    Walk(browser, services, gateway, COINS).submits()
    assert browser.heading == "注销申请已提交"


def collect(app: Flask) -> list[str]:
    """Every Set-Cookie that the application sends from now on."""
    sent: list[str] = []
    inner = app.wsgi_app

    def noting(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            sent.extend(value for name, value in headers if name == "Set-Cookie")
            return start_response(status, headers, *more)

        return inner(environ, start)

    app.wsgi_app = noting  # type: ignore[method-assign]
    return sent


def test_the_cookie_says_nothing_of_the_person(app: Flask, walk: MakeWalk) -> None:
    sent = collect(app)
    person = walk(COINS)
    person.submits()
    person.follows_link()
    person.browser.open(f"{person.browser.path}/restore")
    person.tracks()
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    assert len(sent) > 5
    for line in sent:
        inside = json.dumps(serializer.loads(SimpleCookie(line)["portal"].value))
        assert len(line) < 2000
        for secret in (COINS.phone[3:], COINS.name, COINS.id, COINS.seeker_id, COINS.mail):
            assert secret not in inside
