from itertools import product

import pytest

from portal.notice.markdown import parse, text_of


def types(text):
    return [node.type for node in parse(text).walk()]


def text_in(markdown):
    return "\n".join(text_of(node) for node in parse(markdown).children)


def bold_in(markdown):
    return [text_of(node) for node in parse(markdown).walk() if node.type == "strong"]


def test_bold_works_beside_every_chinese_mark():
    beside = "中3A。，；：、！？（）《》“”‘’…—·"
    for outside, inside in product(beside, beside):
        assert bold_in(f"{outside}**{inside}粗{inside}**{outside}") == [f"{inside}粗{inside}"]


def test_two_runs_stay_two_beside_quotation_marks():
    assert bold_in("如“**本人**”A**“身份验证”**3 次") == ["本人", "“身份验证”"]


def test_spaces_inside_the_marks_make_no_bold():
    assert bold_in("甲 ** “乙” ** 丙") == []


@pytest.mark.parametrize("text", ["3. 账号", "1) 账号", "- 2) 账号", "　　1.账号", "    1) 账号"])
def test_numbers_stay_text(text):
    assert text_in(text) == text.strip().removeprefix("- ")
    assert not {"ordered_list", "code_block"} & set(types(text))


def test_numbered_lines_need_no_blank_line_between_them():
    assert types("二、后果\n1.甲\n2.乙").count("paragraph") == 3


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("账号\n注销", "账号注销"),
        ("见\n“本须知”", "见“本须知”"),
        ("**账号。**\n注销", "账号。注销"),
        ("VIP\nservice", "VIP service"),
        ("VIP\n会员", "VIP 会员"),
        ("甲  \n乙", "甲\n乙"),
    ],
)
def test_wrapped_lines_join_without_a_space_between_chinese(wrapped, joined):
    assert text_in(wrapped) == joined


def test_a_link_target_is_read_whatever_it_is():
    links = [node for node in parse("[甲](javascript:alert)").walk() if node.type == "link"]
    assert [link.attrs["href"] for link in links] == ["javascript:alert"]


def test_images_are_not_loaded():
    assert "image" not in types("![甲](https://example.com/a.png)")
