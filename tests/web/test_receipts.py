"""Receipts on the pages: read, saved, checked by anybody, seen by nobody else."""

import io
import json

import pytest

from portal.services import Services
from tests.cast import CLEAN_SEEKER, COINS
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.people import Walk
from tests.work import work


@pytest.fixture
def walk(browser: Browser, services: Services, gateway: FakeGateway) -> Walk:
    return Walk(browser, services, gateway, CLEAN_SEEKER)


def closed(walk: Walk) -> str:
    """Closes, and looks at the result by the link of the last SMS."""
    reference = walk.submits()
    work(walk.services)
    walk.services.clock.advance(hours=108)
    work(walk.services)
    walk.follows_link()
    return reference


def upload(browser: Browser, content: bytes) -> None:
    browser.open("/receipts/check")
    data = {**browser.page.fields, "receipt": (io.BytesIO(content), "receipt.json")}
    browser._follow(browser.client.post("/receipts/check", data=data))


def test_after_submitting_there_is_a_receipt_of_the_request(walk: Walk) -> None:
    reference = walk.submits()
    walk.browser.open(f"/closures/{reference}/receipt/submission")
    assert walk.browser.heading == "申请回执"
    assert "版本 2025V1" in walk.browser.text
    assert "一小时左右" in walk.browser.text


def test_before_the_closing_there_is_none_of_it(walk: Walk) -> None:
    reference = walk.submits()
    walk.browser.open(f"/closures/{reference}/receipt/closing")
    assert walk.browser.response.status_code == 404


def test_after_the_closing_it_says_what_became_of_the_data(walk: Walk) -> None:
    reference = closed(walk)
    walk.browser.open(f"/closures/{reference}/receipt/closing")
    assert walk.browser.heading == "注销回执"
    assert "搜索记录" in walk.browser.text
    assert "《电子商务法》第三十一条" in walk.browser.text
    assert CLEAN_SEEKER.phone[-4:] not in walk.browser.text


def test_the_file_that_was_saved_is_found_genuine_by_anybody(walk: Walk) -> None:
    reference = closed(walk)
    saved = walk.browser.client.get(f"/closures/{reference}/receipt/closing.json")
    assert saved.headers["Content-Disposition"] == (
        f'attachment; filename="{reference}-closing.json"'
    )
    stranger = Browser(walk.browser.client.application)
    upload(stranger, saved.data)
    assert "这份回执是真的" in stranger.text
    assert reference in stranger.text


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["content"].update(closed_at="2020-01-01T00:00:00+00:00"),
        lambda d: d.update(signature="00" * 64),
        lambda d: d["event"].update(kind="other"),
        lambda d: d.pop("event"),
    ],
)
def test_what_was_changed_is_not(walk: Walk, change) -> None:
    reference = closed(walk)
    document = walk.browser.client.get(f"/closures/{reference}/receipt/closing.json").get_json()
    change(document)
    upload(walk.browser, json.dumps(document).encode())
    assert "这份回执不能证明是真的" in walk.browser.text
    assert "注销的是" not in walk.browser.text


@pytest.mark.parametrize("content", [b"", b"\xff", b"[" * 50_000, b'{"content": {}}'])
def test_anything_else_is_told_kindly(browser: Browser, content: bytes) -> None:
    upload(browser, content)
    assert browser.response.status_code == 200
    assert "请选择要核对的回执文件" in browser.text or "文件不是完整的回执" in browser.text


def test_without_a_file_the_page_asks_for_one(browser: Browser) -> None:
    browser.open("/receipts/check")
    browser.send()
    assert "请选择要核对的回执文件" in browser.text


def test_a_strangers_receipt_is_no_page(
    walk: Walk, services: Services, gateway: FakeGateway
) -> None:
    reference = walk.submits()
    other = Browser(walk.browser.client.application)
    Walk(other, services, gateway, COINS).submits()
    for address in ("receipt/submission", "receipt/submission.json"):
        other.open(f"/closures/{reference}/{address}")
        assert other.response.status_code == 404


def test_key_and_heads_are_for_everybody(walk: Walk) -> None:
    closed(walk)
    client = walk.browser.client
    assert client.get("/receipts/key.pem").text.startswith("-----BEGIN PUBLIC KEY-----")
    heads = client.get("/receipts/heads.jsonl").text.splitlines()
    assert [json.loads(line)["number"] for line in heads] == list(range(1, len(heads) + 1))
