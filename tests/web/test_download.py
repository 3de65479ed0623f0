"""The page of one's own data: who sees it, what it says, what comes when it is fetched."""

import pytest
from flask import Flask

from portal.closure.journey import Stage
from portal.services import Services
from portal.store.tables import Download
from tests.cast import BUSY, CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.client import Browser
from tests.download.takeaway import unpacked
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.rows import count, every_row
from tests.web.steps import come_to, prove
from tests.work import work

SIDE = MANY_IDENTITIES.recruiter_id(1002)


@pytest.fixture
def owner(walk: MakeWalk) -> Walk:
    """Somebody who has submitted, and whose code is fresh."""
    (person := walk(CLEAN_SEEKER)).submits()
    work(person.services)
    return person


def fetched(browser: Browser) -> dict[str, bytes]:
    answer = browser.client.get("/download/file")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="zhilian-data.zip"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    return unpacked(answer.data)


def test_from_progress_to_the_file(owner: Walk, services: Services) -> None:
    browser = owner.browser
    assert "/download" in browser.page.links
    browser.open("/download")
    assert browser.heading == "下载我的数据"
    browser.send()
    assert browser.heading == "正在整理您的数据"
    work(services)
    browser.open("/download")
    assert browser.heading == "您的数据已整理好"
    assert "/download/file" in browser.page.links
    assert CLEAN_SEEKER.name.encode() in b"".join(fetched(browser).values())


def test_from_the_consequences_the_chosen_side(walk: MakeWalk, services: Services) -> None:
    come_to(person := walk(MANY_IDENTITIES), Stage.CONSEQUENCES, SIDE)
    assert "/download" in person.browser.page.links
    person.browser.open("/download")
    person.browser.send()
    work(services)
    files = fetched(person.browser)
    assert "json/identity.own.json" in files
    assert "json/account.own.json" not in files


def test_the_last_page_says_whether_it_was_fetched(walk: MakeWalk, services: Services) -> None:
    come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
    assert "您尚未下载数据" in person.browser.text
    person.browser.open("/download")
    person.browser.send()
    work(services)
    fetched(person.browser)
    person.browser.open("/close/confirm")
    assert "您已下载数据" in person.browser.text


def test_a_page_that_waits_says_how_far_it_is(owner: Walk, services: Services) -> None:
    owner.browser.open("/download")
    owner.browser.send()
    assert 'http-equiv="refresh"' in owner.browser.response.text
    assert owner.browser.client.get("/download/status").json == {"state": "making", "percent": 0}
    work(services)
    assert owner.browser.client.get("/download/status").json == {"state": "ready", "percent": 100}


def test_two_tabs_ask_once(owner: Walk, services: Services) -> None:
    owner.browser.open("/download")
    token = owner.browser.page.fields
    for _ in range(3):
        assert owner.browser.client.post("/download", data=token).status_code == 303
    assert count(services, Download) == 1
    work(services)
    owner.browser.open("/download")
    assert owner.browser.heading == "您的数据已整理好"


def test_the_fourth_time_in_a_day_is_told_when(owner: Walk, services: Services) -> None:
    owner.browser.open("/download")
    for _ in range(4):
        owner.browser.send("/download")
        work(services)
        if "今天的次数已用完" not in owner.browser.text:
            owner.browser.open("/download")
    assert "今天的次数已用完" in owner.browser.text
    assert "/download/file" in owner.browser.page.links


def test_a_stale_code_leads_to_a_new_one_and_back(owner: Walk, clock: FakeClock) -> None:
    clock.advance(minutes=16)
    owner.browser.open("/download/file")
    assert owner.browser.path == "/track"
    assert "下载数据前，请先用短信验证码验证身份" in owner.browser.text
    prove(owner)
    assert owner.browser.path == "/download"


def test_in_mid_journey_too(walk: MakeWalk, clock: FakeClock) -> None:
    come_to(person := walk(MANY_IDENTITIES), Stage.CONSEQUENCES)
    clock.advance(minutes=16)
    person.browser.open("/download")
    prove(person)
    assert person.browser.heading == "下载我的数据"
    person.browser.open("/close/consequences")
    assert person.browser.path == "/close/consequences"


def test_a_stranger_gets_nothing(owner: Walk, stranger: Browser, services: Services) -> None:
    owner.browser.open("/download")
    owner.browser.send()
    work(services)
    assert stranger.client.get("/download/status").status_code == 404
    stranger.open("/download/file")
    assert stranger.path == "/track"


def test_the_private_link_alone_is_not_enough(owner: Walk, stranger: Browser) -> None:
    stranger.open(owner.gateway.last_link(CLEAN_SEEKER.phone))
    assert stranger.client.get("/download/status").status_code == 404
    stranger.open("/download")
    assert stranger.path == "/track"


def test_somebody_else_who_is_signed_in_gets_nothing(
    owner: Walk, app: Flask, services: Services
) -> None:
    owner.browser.open("/download")
    owner.browser.send()
    work(services)
    other = Walk(Browser(app), services, owner.gateway, COINS)
    other.submits()
    assert other.browser.client.get("/download/file").status_code == 404
    assert other.browser.client.get("/download/status").status_code == 404


def test_whoever_closes_nothing_has_no_such_page(walk: MakeWalk, services: Services) -> None:
    person = walk(BUSY)
    person.browser.open("/track")
    prove(person)
    assert person.browser.client.get("/download").status_code == 404


def test_erasing_takes_the_link_away_and_closing_the_file(
    owner: Walk, services: Services, clock: FakeClock
) -> None:
    clock.advance(hours=107)
    reference = owner.browser.path.rsplit("/", 1)[1]
    owner.browser.open("/track")
    prove(owner)
    owner.browser.open("/download")
    owner.browser.send()
    work(services)
    clock.advance(hours=1, minutes=1)
    work(services)
    owner.browser.open(f"/closures/{reference}")
    assert "/download" not in owner.browser.page.links
    assert owner.browser.client.get("/download/status").status_code == 404
    assert count(services, Download) == 0


def test_looking_at_the_head_of_the_file_changes_nothing(owner: Walk, services: Services) -> None:
    owner.browser.open("/download")
    owner.browser.send()
    work(services)
    before = every_row(services)
    assert owner.browser.client.head("/download/file").status_code == 405
    assert owner.browser.client.head("/download").status_code == 200
    assert every_row(services) == before


def test_in_english_too(
    app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock
) -> None:
    come_to(person := Walk(Browser(app), services, gateway, COINS, language="/en"), Stage.CONFIRM)
    person.browser.open("/en/download")
    person.browser.send()
    assert person.browser.heading == "Putting your data together"
    work(services)
    person.browser.open("/en/download")
    assert person.browser.heading == "Your data is ready"
    assert b"My Zhaopin data" in fetched(person.browser)["index.html"]
    clock.advance(minutes=16)
    person.browser.open("/en/download")
    assert person.browser.path == "/en/track"
