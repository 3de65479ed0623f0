"""The lines at the top of a notice: H01 to H04. What they say is for `values` to check."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.problems import Problem
from portal.notice.lines import HEADER_FIELD, HEADER_NAMES
from portal.notice.markdown import text_of

_NAME = re.compile("|".join(HEADER_NAMES))
_EXAMPLES = {"更新日期": "20251222", "生效日期": "20251229", "版本": "2025V1"}


class Line(NamedTuple):
    """A line that begins like a header line; `value` is None where no colon follows its name."""

    name: str
    value: str | None
    node: SyntaxTreeNode
    place: int
    """Where in the text of the node the value begins."""


def check(draft: Draft) -> Iterator[Problem]:
    if not _titles(draft) or draft.nodes[0].type not in ("paragraph", "heading"):
        start = draft.start(draft.nodes[0]) if draft.nodes else 0
        how = "第一行写标题“智联账号注销须知”，下面空一行"
        yield draft.problem("H01", start, "文件不以标题开头", how)
    given: set[str] = set()
    top = list(_top(draft))
    for line in top:
        yield from _line(draft, line, given)
    for line in _elsewhere(draft):
        yield from _misplaced(draft, line, given)
    last = top[-1].node if top else draft.nodes[0] if draft.nodes else None
    for name in HEADER_NAMES:
        if name not in given:
            start = draft.start(last) if last else 0
            how = f"在标题之后单独写一行“{name}：{_EXAMPLES[name]}”"
            yield draft.problem("H02", start, f"缺少“{name}：”一行", how)


def values(draft: Draft) -> Mapping[str, Line]:
    """The first line of each name that has a value."""
    return {line.name: line for line in reversed(list(_top(draft))) if line.value is not None}


def body(draft: Draft) -> Sequence[SyntaxTreeNode]:
    """The blocks after title and header."""
    return draft.nodes[_titles(draft) + len(list(_top(draft))) :]


def _titles(draft: Draft) -> int:
    """How many blocks stand in the place of the title: 1, or 0 where a header line begins."""
    return int(bool(draft.nodes) and not HEADER_FIELD.match(text_of(draft.nodes[0])))


def _top(draft: Draft) -> Iterator[Line]:
    """The lines after the title as far as they are header lines, or the only one that begins
    with its name."""
    seen: set[str] = set()
    for node in draft.nodes[_titles(draft) :]:
        line = _read(node)
        if not line or (line.value is None and line.name in seen):
            return
        seen.add(line.name)
        yield line


def _read(node: SyntaxTreeNode) -> Line | None:
    text = text_of(node)
    if found := HEADER_FIELD.fullmatch(text):
        return Line(found[1], found[2], node, found.start(2))
    begins = _NAME.match(text)
    return Line(begins[0], None, node, 0) if begins else None


def _elsewhere(draft: Draft) -> Iterator[Line]:
    for node in body(draft):
        line = _read(node)
        if line and line.value is not None:
            yield line


def _line(draft: Draft, line: Line, given: set[str]) -> Iterator[Problem]:
    if line.name in given:
        yield _doubled(draft, line)
    elif line.value is None:
        what = f"“{quoted(text_of(line.node))}”的写法不对"
        how = f"单独写成一行“{line.name}：{_EXAMPLES[line.name]}”"
        yield draft.problem("H04", draft.start(line.node), what, how)
    given.add(line.name)


def _misplaced(draft: Draft, line: Line, given: set[str]) -> Iterator[Problem]:
    if line.name in given:
        yield _doubled(draft, line)
    else:
        how = "移到标题之后，与另外两行放在一起，中间不要有别的文字"
        what = f"“{line.name}：”一行没有紧跟在标题之后"
        yield draft.problem("H02", draft.start(line.node), what, how)
    given.add(line.name)


def _doubled(draft: Draft, line: Line) -> Problem:
    what = f"“{line.name}：”写了两次"
    return draft.problem("H03", draft.start(line.node), what, "只留下正确的一行")
