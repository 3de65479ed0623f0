"""Bold that is not, or not as meant: B01 to B06.

The parser decides, as it does for the page: what is looked at are the stars that made no bold.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.passages import Passage
from portal.notice.checking.problems import Problem
from portal.notice.markdown import text_of

_LEFT_OVER = re.compile(r"\*\*+|＊＊+|(?<!_)__(?!_)")
_MEND = {
    "*": "加粗只用成对的 **，前面不要写反斜杠；不需要就删去",
    "＊": "改用半角的 **",
    "_": "加粗改用 **",
}


class Mark(NamedTuple):
    """Stars in a row: the source offsets of the first and behind the last."""

    start: int
    end: int

    @property
    def length(self) -> int:
        return self.end - self.start


def check(draft: Draft) -> Iterator[Problem]:
    for passage in draft.passages.values():
        stars = [passage.at(node) for node in passage.node.walk() if _is_star(node)]
        marks = list(_marks(stars))
        yield from _failed(draft, [mark for mark in marks if mark.length > 1])
        yield from _single(draft, passage, [mark.start for mark in marks if mark.length == 1])
        yield from _left_over(draft, passage, frozenset(stars))
        yield from _nested(draft, passage)


def _is_star(node: SyntaxTreeNode) -> bool:
    return node.type == "text" and node.content == "*"


def _marks(stars: Iterable[int]) -> Iterator[Mark]:
    mark = None
    for star in stars:
        if mark and mark.end != star:
            yield mark
            mark = None
        mark = Mark(mark.start if mark else star, star + 1)
    if mark:
        yield mark


def _failed(draft: Draft, marks: list[Mark]) -> Iterator[Problem]:
    """The marks of one passage, two by two where they look like a pair."""
    while marks:
        mark, *marks = marks
        if mark.length > 3:
            yield _empty(draft, mark)
        elif marks:
            yield _failed_pair(draft, mark, marks.pop(0))
        else:
            how = "在同一段内补上另一个 **（加粗不能跨段，每段分别加），或者删去这个 **"
            yield draft.problem("B01", mark.start, "这个 ** 没有与之成对的 **", how)


def _failed_pair(draft: Draft, opening: Mark, closing: Mark) -> Problem:
    between = draft.source.text[opening.end : closing.start]
    if not between.strip():
        return _empty(draft, opening)
    if between == between.strip():
        how = "在这两个 ** 的外侧各加一个空格，或把紧挨着的标点移到加粗之外"
        return draft.problem("B04", opening.start, f"“{quoted(between)}”没有变成粗体", how)
    start = opening.start if between[0].isspace() else closing.start
    what = f"** 与“{quoted(between.strip())}”之间有空格，没有变成粗体"
    return draft.problem("B03", start, what, "删去 ** 内侧的空格")


def _empty(draft: Draft, mark: Mark) -> Problem:
    how = "把要加粗的文字写在两个 ** 之间，或者都删去"
    return draft.problem("B02", mark.start, "两个 ** 之间没有文字", how)


def _left_over(draft: Draft, passage: Passage, known: frozenset[int]) -> Iterator[Problem]:
    for found in _LEFT_OVER.finditer(passage.text):
        start = passage.offsets[found.start()]
        if start not in known:
            mark = found[0]
            yield draft.problem("B04", start, f"文字中留有“{quoted(mark)}”", _MEND[mark[0]])


def _single(draft: Draft, passage: Passage, stars: Iterable[int]) -> Iterator[Problem]:
    how = "要加粗，两边都用两个星号 **；要显示星号，写成 \\*"
    for star in stars:
        yield draft.problem("B05", star, "单个 * 不是加粗，会原样出现", how)
    for node in passage.node.walk():
        if node.type == "em":
            what = f"“{quoted(text_of(node))}”两边是单个 {node.markup}，只是斜体，不是加粗"
            yield draft.problem("B05", passage.at(node), what, how)


def _nested(draft: Draft, passage: Passage) -> Iterator[Problem]:
    for node in passage.node.walk():
        if node.type == "strong" and _is_inside_bold(node):
            how = "检查这一段的每个 ** 是否成对，** 内侧有没有多余的空格"
            what = f"“{quoted(text_of(node))}”是加粗之内的加粗"
            yield draft.problem("B06", passage.at(node) - 1, what, how)


def _is_inside_bold(node: SyntaxTreeNode) -> bool:
    around = node.parent
    while around and around.type not in ("inline", "strong"):
        around = around.parent
    return around is not None and around.type == "strong"
