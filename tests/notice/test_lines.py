import pytest

from portal.notice.lines import arabic, numbering, opens_paragraph


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、注销申请前确认", (1, "一", 2)),
        ("二十一、其他", (1, "二十一", 4)),
        ("（二）如您为招聘者", (2, "二", 3)),
        ("1.您应确保", (3, "1", 2)),
        ("3. 账号内的资产", (3, "3", 3)),
        ("4、请您知悉", (3, "4", 2)),
        ("1) 账号是您本人", (4, "1", 3)),
        ("（12）账号", (4, "12", 4)),
    ],
)
def test_numbers_say_their_level_and_their_number_without_mark(text, expected):
    assert numbering(text) == expected


@pytest.mark.parametrize("text", ["本须知", "3.5 折", "2025.12 起", "一二、", "十", "400-885-9898"])
def test_other_beginnings_are_no_number(text):
    assert numbering(text) is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [("一", "1"), ("十", "10"), ("十二", "12"), ("二十", "20"), ("九十九", "99"), ("３", "3")],
)
def test_chinese_numbers_become_arabic(number, expected):
    assert arabic(number) == expected


@pytest.mark.parametrize("line", ["**一、总则**", "2) 账号", "版本：2025V1", "生效日期: 20251229"])
def test_numbered_and_header_lines_open_a_paragraph(line):
    assert opens_paragraph(line)


def test_running_text_opens_no_paragraph():
    assert not opens_paragraph("账号最近 3 个月内")
