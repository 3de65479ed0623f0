import pytest

from tests.notice.checking.drafts import HEADER, found


@pytest.mark.parametrize(("encoding", "name"), [("gb18030", "GB18030"), ("utf-16", "UTF-16")])
def test_the_step_that_converts_is_told(encoding, name):
    (problem,) = found(HEADER.encode(encoding))
    assert f"文件的编码是 {name}，不是 UTF-8" in problem.what
    assert f"iconv -f {name} -t UTF-8 2026V1.md > utf8.md" in problem.how


def test_all_other_problems_of_a_file_in_gb18030_are_said_too():
    source = (HEADER + "**甲").replace("\n", "\r\n").encode("gb18030")
    assert [one.code for one in found(source)] == ["E01", "E03", "B01"]


def test_nothing_more_is_said_of_an_unknown_encoding():
    source = (HEADER + "**甲").encode() + b"\xff"
    assert [(one.code, one.line, one.column) for one in found(source)] == [("E01", 9, 4)]


def test_a_single_return_is_an_end_of_line_too():
    problems = found((HEADER + "甲\r乙").encode())
    assert [(one.code, one.line, one.column) for one in problems] == [("E03", 9, 2)]
    assert "有 1 行的行尾是 CR，" in problems[0].what
