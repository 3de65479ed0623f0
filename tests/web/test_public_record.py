"""What anyone can look up about the notice, years later."""

import json
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clock import SHANGHAI
from portal.services import Services
from tests.client import Browser
from tests.fakes import FakeClock
from tests.web.conftest import MakeApp

BEFORE = datetime(2026, 5, 25, 12, tzinfo=SHANGHAI)
AFTER = datetime(2026, 6, 1, 0, 0, tzinfo=SHANGHAI)
pytestmark = pytest.mark.usefixtures("two_versions")


@pytest.fixture
def client(make_app: MakeApp, services: Services, clock: FakeClock) -> FlaskClient:
    clock.at(BEFORE)
    app: Flask = make_app(services)
    return app.test_client()


def test_a_scheduled_version_is_announced_with_its_day_and_changes(client: FlaskClient) -> None:
    page = client.get("/notice").text
    assert "新版本 2026V1 将于" in page
    assert 'href="/notices/2025V1...2026V1"' in page


def test_on_its_day_it_takes_over_and_is_not_announced_any_more(
    client: FlaskClient, clock: FakeClock
) -> None:
    client.get("/notice")
    clock.at(AFTER)
    page = client.get("/notice").text
    assert "版本：2026V1" in page
    assert "新版本" not in page


@pytest.mark.parametrize(("version", "linked"), [("2025V1", False), ("2026V1", True)])
def test_a_version_links_its_changes_since_the_last_one(
    client: FlaskClient, version: str, linked: bool
) -> None:
    assert ("与上一版的变化" in client.get(f"/notices/{version}").text) is linked


def test_so_does_the_first_step(client: FlaskClient, clock: FakeClock) -> None:
    clock.at(AFTER)
    assert 'href="/notices/2025V1...2026V1"' in client.get("/close/notice").text


def test_changes_between_two_versions_have_a_page(
    make_app: MakeApp, services: Services, clock: FakeClock
) -> None:
    clock.at(BEFORE)
    browser = Browser(make_app(services))
    browser.open("/notices/2025V1...2026V1")
    assert browser.heading == "须知的变化：2025V1 到 2026V1"
    assert "新增" in browser.text


@pytest.mark.parametrize(
    ("day", "version"),
    [("2025-12-29", "2025V1"), ("2026-05-31", "2025V1"), ("2026-06-01", "2026V1")],
)
def test_what_applied_on_a_day_leads_to_its_permanent_page(
    client: FlaskClient, day: str, version: str
) -> None:
    assert client.get(f"/notices/on/{day}").location == f"/notices/{version}"


@pytest.mark.parametrize(
    "path", ["on/2025-01-01", "on/yesterday", "2030V1.json", "2025V1...2030V1"]
)
def test_what_never_was_has_a_page_with_the_list(client: FlaskClient, path: str) -> None:
    answer = client.get(f"/notices/{path}")
    assert answer.status_code == 404
    assert "2025V1" in answer.text


def test_a_version_can_be_had_in_structure(client: FlaskClient) -> None:
    answer = client.get("/notices/2025V1.json")
    assert answer.mimetype == "application/json"
    assert json.loads(answer.data)["version"] == "2025V1"


def test_the_feed_is_a_feed(client: FlaskClient) -> None:
    answer = client.get("/notices/feed.atom")
    assert answer.mimetype == "application/atom+xml"
    assert b"<entry>" in answer.data
