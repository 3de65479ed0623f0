"""A receipt is read, saved, and found genuine by somebody else; one that was changed is not."""

from pathlib import Path

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, Person, Screen
from tests.cast import BOUND_APPS

pytestmark = pytest.mark.browser


def saves(person: Person, folder: Path) -> Path:
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="下载回执文件").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def hands_in(person: Person, path: Path) -> None:
    person.opens("/receipts/check")
    person.page.get_by_label("回执文件").set_input_files(path)
    person.presses("button", "核对")


@pytest.mark.parametrize("screen", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_the_receipt_of_a_closing(
    arrives: Arrives, hasty_portal: Live, tmp_path: Path, screen: Screen
) -> None:
    person = arrives(BOUND_APPS, hasty_portal, screen)
    person.submits()
    person.follows_link()
    person.waits_for("账号已注销")
    person.presses("link", "查看回执")
    assert person.heading == "注销回执"
    saved = saves(person, tmp_path)
    somebody = arrives(BOUND_APPS, hasty_portal, screen)
    hands_in(somebody, saved)
    assert "这份回执是真的" in somebody.text
    saved.write_text(saved.read_text("utf-8").replace("delete", "keep", 1), "utf-8")
    hands_in(somebody, saved)
    assert "这份回执不能证明是真的" in somebody.text


def test_the_receipt_of_a_request(arrives: Arrives, portal: Live) -> None:
    person = arrives(BOUND_APPS, portal, PHONE)
    person.submits()
    person.presses("link", "查看回执")
    assert person.heading == "申请回执"
