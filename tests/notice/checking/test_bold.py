import pytest

from tests.notice.checking.drafts import codes, places


@pytest.mark.parametrize(
    "body",
    [
        "**甲**乙**“丙”**3 次（**丁**）",
        "**甲**\n\n- **乙**；\n\n> **丙**",
        "**甲，\n乙**",
        "[**甲**](/a)**乙**",
        "备注：*\\**号",
        "***",
        "姓名：____________",
        "snake_case 与 a_b_c",
    ],
)
def test_sound_bold_and_other_marks_are_let_alone(body):
    assert set(codes(body)) <= {"B05"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("**甲** 乙 ** 丙 **", [("B03", 9, 9)]),
        ("**甲**乙**", [("B01", 9, 7)]),
        ("**\n甲**", [("B03", 9, 1)]),
        ("甲****乙**丙**", [("B02", 9, 2)]),
        ("** **甲 ** 乙 **", [("B02", 9, 1), ("B03", 9, 8)]),
        ("`**`甲", [("B04", 9, 2)]),
        ("```\n**甲**\n```", [("B04", 10, 1), ("B04", 10, 4)]),
        ("| 甲 | **乙 |\n|---|---|", [("B01", 9, 7)]),
        ("****甲****", [("B06", 9, 3)]),
    ],
)
def test_each_failure_has_its_name_and_place(body, expected):
    assert places(body) == expected


def test_two_openings_in_two_items_are_two_problems():
    assert places("- **甲；\n- 乙**。") == [("B01", 9, 3), ("B01", 10, 4)]
