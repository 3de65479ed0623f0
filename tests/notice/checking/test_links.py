import pytest

from tests.notice.checking.drafts import codes, places


@pytest.mark.parametrize(
    "body",
    [
        "[甲](https://example.com/乙)",
        "[甲](/notice)",
        "[隐私政策](#)",
        "<https://example.com>",
        "[注] 甲",
        "[甲]（见第一条）",
        "A[0](",
    ],
)
def test_links_that_lead_somewhere_and_brackets_are_sound(body):
    assert codes("一、甲\n\n" + body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("甲[乙](javascript:丙)", [("L02", 9, 2)]),
        ("[甲](//example.com)", [("L02", 9, 1)]),
        ("[甲](HTTP://example.com)", [("L03", 9, 1)]),
        ("甲<http://example.com>", [("L03", 9, 2)]),
        ("<help@example.com>", [("L02", 9, 1)]),
        ("[甲](/a)[乙](#)", [("L01", 9, 8)]),
        ("- **[甲](#)**", [("L01", 9, 5)]),
        ("[甲] (https://example.com)", [("L04", 9, 1)]),
        ("[甲][1]", [("L04", 9, 1)]),
        ("![甲]（https://example.com）", [("L04", 9, 1)]),
        ("![](http://example.com/a.png)", [("T02", 9, 1)]),
    ],
)
def test_each_kind_of_dead_link_has_its_code_and_place(body, expected):
    assert places(body) == expected
