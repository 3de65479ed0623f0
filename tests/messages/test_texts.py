from datetime import UTC, datetime
from math import ceil

import pytest

from portal.messages.texts import Purpose, Texts
from portal.settings import ROOT

UNTIL = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)
HOTLINE = "400-000-1234"
LINK = "https://close.account.example.com/p/" + "a" * 22


def texts(host: str = "close.account.example.com") -> Texts:
    return Texts(ROOT / "templates" / "sms", host, HOTLINE)


def segments(text: str) -> int:
    """How many SMS it takes: 70 UTF-16 units in one, 67 each in several."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else ceil(units / 67)


def submitted() -> str:
    return texts().submitted("ZX-7K3MP-9QXTA", UNTIL, LINK)


@pytest.mark.parametrize(
    ("purpose", "words"),
    [(Purpose.CLOSE, "注销账号的身份验证"), (Purpose.TRACK, "查询或恢复账号")],
)
def test_a_code_says_what_it_is_for(purpose: Purpose, words: str) -> None:
    text = texts().code(purpose, "012345", UNTIL)
    assert text.startswith(f"【智联】验证码012345，用于{words}，04:05前有效。")
    assert "请勿告诉任何人" in text


@pytest.mark.parametrize("host", ["close.example.com", "close.example.com:8443"])
def test_the_last_line_binds_the_code_to_the_site(host: str) -> None:
    lines = texts(host).code(Purpose.CLOSE, "012345", UNTIL).split("\n")
    assert lines[-2:] == ["", "@close.example.com #012345"]


def test_the_submission_says_reference_end_link_and_hotline() -> None:
    text = submitted()
    assert text.startswith("【智联】")
    assert all(part in text for part in ("ZX-7K3MP-9QXTA", "11月27日04:05前", f" {LINK} ", HOTLINE))


@pytest.mark.parametrize(("whole", "what"), [(True, "账号"), (False, "招聘者身份")])
def test_the_last_one_says_what_is_closed_and_where_to_look(whole: bool, what: str) -> None:
    text = texts().closed("ZX-7K3MP-9QXTA", LINK, whole=whole)
    assert text.startswith(f"【智联】您的{what}已注销，编号ZX-7K3MP-9QXTA。")
    assert f" {LINK} " in text
    assert segments(text) <= 2


def test_no_text_is_longer_than_people_read() -> None:
    assert all(segments(texts().code(purpose, "012345", UNTIL)) <= 2 for purpose in Purpose)
    assert segments(submitted()) <= 3


def test_nothing_is_escaped_and_no_line_is_empty_at_the_end() -> None:
    text = texts().submitted("<&>", UNTIL, LINK)
    assert "<&>" in text
    assert text == text.strip()


def test_whoever_has_the_phone_learns_that_a_help_case_stood_in_for_the_code() -> None:
    text = texts().help_verified("BZ-7K3MP-9QXTA", UNTIL)
    assert all(part in text for part in ("BZ-7K3MP-9QXTA", "11月27日04:05", "非本人", HOTLINE))
    assert segments(text) <= 2
