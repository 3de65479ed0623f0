"""Pairs of versions to compare: any body under a sound header, edits of 2025V1, generated ones."""

from hypothesis import strategies as st

from portal.notice.comparing.comparison import compare
from portal.notice.reading import HEAD
from tests.notice.notices import notice_with, sample

BODY = """开头。

一、总则

1.甲方应当保护个人信息。

2.乙方应当如实填写资料：

- 1) 姓名和电话；
- 2) 收货的地址。

二、附则

1.本须知自公布之日起施行。

2.争议由法院管辖。"""

_WORDS = st.text("账号注销须知，。、一3A ", min_size=1, max_size=12).filter(str.strip)
_LINE = st.tuples(
    st.sampled_from(["", "", "一、", "二、", "（一）", "1.", "2. ", "1) ", "- 2) ", "> ", "- "]),
    _WORDS.map(str.strip),
    st.sampled_from(["{}", "{}", "**{}**", "甲**{}**", "**{}**，乙"]),
).map(lambda line: line[0] + line[2].format(line[1]))


@st.composite
def two_versions(draw):
    """Lines, and the same ones in another order, some left out, others new."""
    old = draw(st.lists(_LINE, min_size=1, max_size=8))
    new = draw(st.lists(st.one_of(st.sampled_from(old), _LINE), max_size=9))
    return notice_with("\n\n".join(old)), notice_with("\n\n".join(new))


def edited(*replaced, body=BODY):
    """The comparison of a body with itself after each (old, new) was replaced once."""
    new = body
    for old, by in replaced:
        assert old in new
        new = new.replace(old, by, 1)
    return compare(notice_with(body), notice_with(new))


def of_samples():
    return compare(sample("2025V1"), sample("2026V1"))


def told(comparison):
    """What the comparison says of each clause that did not stay as it was."""
    return [
        (change.kind.value, change.here.cited)
        for change in comparison.changes
        if change.kind != "unchanged" and change.here.clause_id != HEAD
    ]


def marked(segments):
    """Segments on one line, as the terminal shows them."""
    marks = {
        "equal": "{}", "insert": "{{+{}+}}", "delete": "[-{}-]",
        "bolded": "[*{}*]", "unbolded": "[/{}/]",
    }  # fmt: skip
    return "".join(marks[segment.mark].format(segment.text) for segment in segments)
