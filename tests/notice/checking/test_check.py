import hashlib
import re
from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.notice.checking.problems import Severity
from portal.notice.reading import NoticeError, read
from portal.notice.register import Entry
from portal.notice.rendering import render
from tests.notice.checking.drafts import CONTEXT, HEADER, found
from tests.notice.fragments import Parsed
from tests.notice.notices import DIRECTORY

LINK = "[甲](https://example.com)"
PIECES = [
    *(
        "甲",
        "乙丙",
        "A",
        "3",
        "。",
        "：",
        "　",
        " ",
        "\t",
        "\0",
        "\ufeff",
        LINK,
        "[",
        "]",
        "(",
        ")",
    ),
    *("**", "*", "_", "`", "```", "~~~", "#", "|", "| - |", "---", "===", "<b>", "&lt;", "\\"),
    *("\n", "\n\n", "\r\n", "\n- ", "\n> ", "\n## ", "一、", "二、", "1.", "2) ", "[丁]: /戊"),
    *("版本：2026V1", "第二条", "有限公司", "400-885-9899"),
]
BODIES = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def has_errors(source):
    return any(problem.severity is Severity.ERROR for problem in found(source))


def is_readable(source):
    try:
        read(source)
    except NoticeError:
        return False
    return True


def words(text):
    """Everything that can't be Markdown's own."""
    return [char for char in text if (char.isalnum() if char.isascii() else not char.isspace())]


def test_problems_stand_in_the_order_of_the_text():
    problems = found((HEADER + "1.**甲\n\n3.乙 \n\n第四条").encode())
    assert [one.code for one in problems] == ["B01", "C01", "T05", "C05"]


def published(source):
    entry = Entry(hashlib.sha256(source).hexdigest(), datetime(2026, 5, 20, tzinfo=UTC))
    return replace(CONTEXT, register={"2026V1": entry}, hotline="400-000-0000")


def test_a_hotline_that_changed_after_publication_is_only_a_warning():
    source = (HEADER + "热线：400-885-9898").encode()
    (problem,) = found(source, published(source))
    assert (problem.code, problem.severity) == ("S01", Severity.WARNING)


@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
@example(b"```\n\n`")
@example("\ufeff\u2028\n- 甲".encode())
@settings(max_examples=300, deadline=None)
def test_no_bytes_are_too_much(source):
    assert all(one.line > 0 and one.column > 0 and "\n" not in str(one) for one in found(source))


@given(BODIES, st.sampled_from([HEADER, HEADER.replace("版本：", "版本"), "", "# 须知\n"]))
@settings(max_examples=200, deadline=None)
def test_what_can_not_be_read_has_an_error(body, header):
    source = (header + body).encode()
    assert is_readable(source) or has_errors(source)


@given(BODIES)
@settings(max_examples=300, deadline=None)
def test_without_errors_every_word_is_on_the_page(body):
    source = (HEADER + body).encode()
    if not has_errors(source):
        page = Parsed(render(read(source), CONTEXT.links).html)
        written = (HEADER + body).replace(LINK, "甲")
        assert words("".join(page.lines)) == words(written)


@given(st.lists(st.sampled_from(["甲", "，", "“", "”", "3", "**"]), max_size=12).map("".join))
@settings(max_examples=200, deadline=None)
def test_without_errors_every_mark_is_half_of_a_bold_run(body):
    source = (HEADER + "甲" + body).encode()
    if not has_errors(source):
        assert len(re.findall(r"\*\*", body)) == 2 * len(read(source).bold_runs)


def test_losing_any_star_of_a_real_notice_is_noticed():
    source = (DIRECTORY / "2025V1.md").read_bytes()
    for star in re.finditer(rb"\*", source):
        spoilt = found(source[: star.start()] + source[star.end() :])
        assert {problem.code for problem in spoilt} & {"B01", "B05"}
