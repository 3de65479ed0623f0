import pytest

from tests.notice.checking.drafts import HEADER, found


def codes(source):
    return [problem.code for problem in found(source.encode())]


def test_nothing_at_all_lacks_title_and_every_line():
    assert codes("") == ["H01", "H02", "H02", "H02"]


def test_every_missing_line_is_named_behind_the_last_there_is():
    problems = found("须知\n\n版本：2026V1\n\n正文".encode())
    assert [(one.code, one.line, one.what) for one in problems] == [
        ("H02", 3, "缺少“更新日期：”一行"),
        ("H02", 3, "缺少“生效日期：”一行"),
    ]


def test_a_subtitle_keeps_the_lines_from_their_place():
    assert codes(HEADER.replace("须知", "须知\n\n草案")) == ["H02", "H02", "H02"]


def test_a_list_is_no_title():
    assert codes("- " + HEADER) == ["H01"]


@pytest.mark.parametrize(
    "source",
    [
        HEADER.replace("\n\n", "\n"),
        "# " + HEADER,
        HEADER.replace("版本：2026V1", "**版本:** 2026V1"),
        HEADER + "版本更新后，以新版本为准。",
        HEADER + "请留意更新日期：每次更新都会改变。",
    ],
)
def test_a_sound_header_has_no_problem(source):
    assert codes(source) == []
