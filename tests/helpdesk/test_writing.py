"""What people write is kept as they meant it, and misleads nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.helpdesk.writing import one_line, plain


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("您好。\r\n\r\n我的手机丢了。\r", "您好。\n\n我的手机丢了。"),
        ("a\0b\x1b[31mc\x7f", "ab[31mc"),
        ("付款\u202e001\u202c元\u200f", "付款001元"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("👩‍👩‍👧 家人", "👩‍👩‍👧 家人"),
        ("  缩进\t列  ", "缩进\t列"),
        ("\ud800", ""),
    ],
)
def test_only_what_misleads_is_taken_away(typed: str, kept: str) -> None:
    assert plain(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert plain(plain(text)) == plain(text)


def test_a_contact_is_one_line() -> None:
    assert one_line("a@b.example\r\nBcc: all@b.example") == "a@b.example Bcc: all@b.example"
