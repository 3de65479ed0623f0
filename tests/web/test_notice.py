"""The public record: the same for everybody, for ever, and no business of anybody's."""

import re
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.services import Services
from portal.settings import ROOT
from tests.cast import CLEAN_SEEKER
from tests.client import Browser
from tests.fakes import FakeClock
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.outages import SwitchedStore

PUBLIC = ("/notice", "/notices", "/notices/2025V1", "/notices/2025V1.md")
TWICE = (0, 1)
"""Rendered the first time, from memory the second."""


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def again(client: FlaskClient, path: str, times: int, **headers: str) -> TestResponse:
    for _ in range(times):
        client.get(path)
    return client.get(path, headers=headers)


@pytest.mark.parametrize("times", TWICE)
@pytest.mark.parametrize("path", PUBLIC)
def test_reading_needs_no_cookie_and_can_be_cached_by_everybody(
    client: FlaskClient, path: str, times: int
) -> None:
    answer = again(client, path, times)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("path", PUBLIC)
def test_whoever_is_signed_in_gets_the_very_same_answer(
    client: FlaskClient, browser: Browser, walk: MakeWalk, path: str
) -> None:
    walk(CLEAN_SEEKER).verifies()
    signed_in, stranger = browser.client.get(path), client.get(path)
    assert signed_in.data == stranger.data
    assert signed_in.headers["Vary"] == "Accept-Encoding"
    assert "Set-Cookie" not in signed_in.headers


@pytest.mark.parametrize("times", TWICE)
@pytest.mark.parametrize("path", PUBLIC)
def test_whoever_has_the_page_is_not_sent_it_again(
    make_app: MakeApp, services: Services, client: FlaskClient, path: str, times: int
) -> None:
    elsewhere = make_app(services).test_client()
    known = {"If-None-Match": elsewhere.get(path).headers["ETag"]}
    answer = again(client, path, times, **known)
    assert (answer.status_code, answer.data) == (304, b"")
    assert answer.headers["ETag"] == known["If-None-Match"]
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert client.get(path, headers={"If-None-Match": '"another"'}).status_code == 200


@pytest.mark.parametrize("times", TWICE)
@pytest.mark.parametrize("path", PUBLIC)
def test_the_head_of_a_page_has_no_body(client: FlaskClient, path: str, times: int) -> None:
    whole = again(client, path, times)
    head = client.head(path)
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert head.headers["ETag"] == whole.headers["ETag"]


def test_the_source_is_the_bytes_that_legal_gave(client: FlaskClient) -> None:
    answer = client.get("/notices/2025V1.md")
    assert answer.data == (ROOT / "notices" / "2025V1.md").read_bytes()
    assert answer.mimetype == "text/markdown"


def test_a_permanent_page_has_the_text_its_dates_and_its_digest(browser: Browser) -> None:
    browser.open("/notices/2025V1")
    source = (ROOT / "notices" / "2025V1.md").read_bytes()
    assert browser.heading == "智联账号注销须知"
    for text in (
        "现行版本",
        "2025年12月22日更新",
        "2025年12月29日生效",
        sha256(source).hexdigest(),
    ):
        assert text in browser.text


def test_all_eleven_bold_runs_are_marked(browser: Browser) -> None:
    browser.open("/notice")
    article = browser.response.text.split("<article", 1)[1].split("</article>", 1)[0]
    assert len(re.findall("<strong", article)) == 11


@pytest.mark.usefixtures("two_versions")
def test_the_history_says_what_each_version_is(browser: Browser, clock: FakeClock) -> None:
    browser.open("/notices")
    assert "版本 2026V1 尚未生效" in browser.text
    assert "版本 2025V1 现行版本" in browser.text
    clock.advance(minutes=1)
    browser.open("/notices")
    assert "版本 2026V1 现行版本" in browser.text
    assert "版本 2025V1 历史版本" in browser.text


@pytest.mark.usefixtures("two_versions")
def test_memory_gives_way_when_a_version_comes_into_force(
    browser: Browser, clock: FakeClock
) -> None:
    browser.open("/notice")
    assert "2025V1" in browser.page.title
    clock.advance(minutes=1)
    browser.open("/notice")
    assert "2026V1" in browser.page.title
    browser.open("/notices/2025V1")
    assert "历史版本，现已不再使用" in browser.text


@pytest.mark.parametrize("path", ["/notices/2024V9", "/notices/2024V9.md", "/notices/%00"])
def test_an_unknown_version_answers_with_those_there_are(browser: Browser, path: str) -> None:
    browser.open(path)
    assert browser.response.status_code == 404
    assert browser.heading == "没有这个版本的须知"
    assert "版本 2025V1" in browser.text


@pytest.mark.parametrize("path", PUBLIC)
def test_reading_goes_on_while_the_database_is_away(
    client: FlaskClient, browser: Browser, walk: MakeWalk, store: SwitchedStore, path: str
) -> None:
    walk(CLEAN_SEEKER).verifies()
    with store.away():
        assert browser.client.get(path).status_code == 200
        assert client.get(path).status_code == 200
