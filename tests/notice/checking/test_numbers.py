import pytest

from tests.notice.checking.drafts import codes, places


@pytest.mark.parametrize(
    "body",
    [
        "一、甲\n\n1.乙\n\n2.丙\n\n二、丁\n\n1.戊",
        "一、甲\n\n（一）乙\n\n（二）丙\n\n1.丁",
        "一、甲\n\n1.乙\n\n- 1) 丙\n- 2) 丁\n\n2.戊\n\n- 1) 己",
        "\n\n".join(f"{number}、甲" for number in "一二三四五六七八九十") + "\n\n十一、乙",
        "**1.甲**\n\n**2.**乙",
        "## 附则\n\n1.甲",
        "1.\n\n2. 甲",
    ],
)
def test_numbers_in_order_and_in_one_style_are_sound(body):
    assert codes(body) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("一、甲\n\n三、乙\n\n四、丙", [("C01", 11, 1)]),
        ("1.甲\n\n3.乙\n\n2.丙", [("C01", 11, 1), ("C01", 13, 1)]),
        ("0.甲", [("C01", 9, 1)]),
        ("一、甲\n\n1.乙\n\n1.丙\n\n2.丁", [("C02", 13, 1)]),
        ("- 1) 甲\n- 2) 乙\n\n丙\n\n- 1) 丁", [("C02", 14, 3)]),
        ("1.甲\n\n2、乙\n\n3、丙", [("C03", 11, 1)]),
        ("一、甲\n\n1.乙\n\n二、丙\n\n1、丁", [("C03", 15, 1)]),
        ("（1）甲\n\n2）乙", [("C03", 11, 1)]),
        ("1. 甲\n\n2.乙\n\n3.丙", [("C04", 11, 1)]),
    ],
)
def test_what_is_wrong_with_a_number_is_said_once(body, expected):
    assert places(body) == expected


@pytest.mark.parametrize(
    "number",
    ["一.", "一，", "二 、", "十一：", "1，", "2 .", "1 ）", "（一、", "(1.", "①", "⑴", "⒈"],
)
def test_a_number_that_is_not_read_as_one_is_said(number):
    assert codes(f"{number}甲") == ["C06"]


@pytest.mark.parametrize(
    "beginning", ["3.5 折", "3,000 元", "1:1", "十天", "（3 个月）", "2025.12"]
)
def test_other_beginnings_are_taken_for_no_number(beginning):
    assert codes(f"{beginning}甲") == []


@pytest.mark.parametrize(
    "mention",
    [
        "本须知第一条",
        "第 1 条",
        "第１条",
        "《个人信息保护法》第四十七条",
        "《个人信息保护法》（2021 年）第十五条和第四十七条",
        "《电子商务法》第三十四条第一款、第三十五条",
    ],
)
def test_clauses_that_are_there_and_articles_of_other_texts_may_be_mentioned(mention):
    assert codes(f"一、甲\n\n依照{mention}办理。") == []


@pytest.mark.parametrize(
    "mention", ["第二条", "第十二条", "第 9 条", "第一百条", "《隐私政策》和本须知第二条"]
)
def test_a_mention_of_a_clause_that_is_not_there_is_found(mention):
    assert codes(f"一、甲\n\n依照{mention}办理。") == ["C05"]
