"""Taking one's data along, in a real browser, and opening it."""

from pathlib import Path

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live, until
from tests.browser.person import PHONE, PLAIN_PHONE, Person, Screen
from tests.cast import BUSY, COINS
from tests.download.takeaway import unpacked

pytestmark = pytest.mark.browser


def fetches(person: Person) -> bytes:
    with person.page.expect_download() as coming:
        person.finds("link", "下载文件").click()
    assert coming.value.suggested_filename == "zhilian-data.zip"
    return Path(coming.value.path()).read_bytes()


@pytest.mark.parametrize("screen", [PHONE, PLAIN_PHONE], ids=str)
def test_a_busy_persons_data_comes_and_can_be_read(
    arrives: Arrives, portal: Live, screen: Screen, tmp_path: Path
) -> None:
    person = arrives(BUSY, portal, screen)
    person.submits()
    person.presses("link", "下载我的数据")
    person.presses("button", "开始整理")
    # The page finds out by itself, with scripts and without.
    until(lambda: person.heading == "您的数据已整理好")
    files = unpacked(fetches(person))
    assert files["json/account.own.json"].decode().count(BUSY.name)
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(content)
    person.opens(f"file://{tmp_path}/index.html")
    person.presses("link", "聊天记录")
    assert "收到的消息" in person.page.inner_text("main")
    person.presses("link", "返回目录")


def test_on_the_way_to_closing_and_the_last_page_says_so(arrives: Arrives, portal: Live) -> None:
    person = arrives(COINS, portal, PHONE)
    person.comes_to_confirm()
    assert "您尚未下载数据" in person.text
    person.opens("/download")
    person.presses("button", "开始整理")
    until(lambda: person.heading == "您的数据已整理好")
    fetches(person)
    person.opens("/close/confirm")
    assert "您已下载数据" in person.text
