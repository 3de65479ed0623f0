import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.notice.checking.passages import Source
from portal.notice.markdown import parse, text_of

PIECES = ["甲", "A", "**", "*", "`", "[乙](", "/c", ")", "<https://a.b>", "\\*", "&lt;", " ", "\t"]
LINES = [
    "\n",
    "\n\n",
    "\n- ",
    "\n> ",
    "\n# ",
    "\n1)",
    "\n　",
    "\n| 丙 | 丙\\|丁 |\n|-|-|\n",
    "\n```\n",
]
SOURCES = st.lists(st.sampled_from(PIECES + LINES), max_size=25).map("".join)


def passages(text):
    return list(Source(text).passages(parse(text)))


def pointed(text):
    """Each passage as the source has it, character by character."""
    return ["".join(text[offset] for offset in one.offsets[:-1]) for one in passages(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("甲**乙**丙", ["甲乙丙"]),
        ("- 1) 甲\n\n  乙", ["1) 甲", "乙"]),
        ("> # **甲** #", ["甲"]),
        ("　　甲\n　乙", ["甲　乙"]),
        ("`` ` `` `甲`", ["` 甲"]),
        ("[甲**乙**](/丙 '丁')<https://a.b>", ["甲乙https://a.b"]),
        ("| 甲 | 甲 |\n|-|-|\n| 乙 | 甲 |", ["甲", "甲", "乙", "甲"]),
        ("```\n甲\n乙\n```", ["甲\n乙"]),
        ("VIP\nservice", ["VIP\nservice"]),
    ],
)
def test_each_character_is_pointed_at(text, expected):
    assert pointed(text) == expected


def test_equal_cells_have_places_of_their_own():
    cells = passages("| 甲 | 甲 |\n|-|-|")
    assert [cell.offsets[0] for cell in cells] == [2, 6]


def test_a_bar_inside_a_cell_is_followed():
    (cell,) = passages("| 甲\\|乙 |\n|-|")
    assert (cell.text, cell.offsets[:-1]) == ("甲|乙", [2, 4, 5])


def test_targets_and_names_of_characters_are_hidden():
    text = "[甲](/乙 '丙')&lt;"
    (passage,) = passages(text)
    assert [text[one.start : one.stop] for one in passage.hidden] == ["](/乙", "&lt;"]


@given(SOURCES)
@settings(max_examples=200, deadline=None)
def test_text_and_places_agree_with_what_is_read(text):
    for passage in passages(text):
        node = passage.node
        read = text_of(node) if node.type == "inline" else node.content.removesuffix("\n")
        assert passage.text == read
        assert len(passage.offsets) == len(read) + 1
        assert list(passage.offsets) == sorted(passage.offsets)


@given(SOURCES)
@settings(max_examples=200, deadline=None)
def test_chinese_words_point_at_themselves(text):
    for passage in passages(text):
        for char, offset in zip(passage.text, passage.offsets, strict=False):
            assert not "一" <= char <= "龥" or text[offset] == char
