import pytest

from tests.notice.checking.drafts import codes, places


@pytest.mark.parametrize(
    "body",
    [
        "年龄 < 18 且 > 3",
        "A&B，AT&T;",
        "[甲](/乙 )丙",
        "[甲](</乙 丙>)丁",
        "甲\n===\n\n## 乙 ##",
        "| 甲\\|乙 | 丙 |\n|:--|--:|\n| 丁 |",
        "> 甲\n乙\n\n---\n\n- 丙\n\n  丁",
        "```\n甲\n```",
        "甲\\\n乙",
    ],
)
def test_markdown_that_loses_no_word_is_sound(body):
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("甲<br/>乙</b>", [("T01", 9, 2), ("T01", 9, 8)]),
        ("&#8203;甲", [("T01", 9, 1)]),
        ("<!DOCTYPE html>", [("T01", 9, 1)]),
        ("[甲](/a '乙')", [("T06", 9, 9)]),
        ("甲\n\n[乙]: /a\n[丙]: /b", [("T06", 11, 2), ("T06", 12, 2)]),
        ("~~~ 甲\n乙", [("T06", 9, 5)]),
    ],
)
def test_tags_and_lost_words_are_found(body, expected):
    assert places(body) == expected
