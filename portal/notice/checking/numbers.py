"""The numbers of clauses: C01 to C06."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.passages import Passage
from portal.notice.checking.problems import Problem
from portal.notice.clauses import Clause
from portal.notice.lines import arabic, numbering
from portal.notice.markdown import text_of

_NUMBER = r"[\d一二三四五六七八九十百零〇两]{1,5}"
_MENTION = re.compile(rf"第\s*({_NUMBER})\s*条")
_OF_ANOTHER_TEXT = re.compile(
    rf"》(?:\s*[（(][^（）()]*[）)])?(?:\s*第\s*{_NUMBER}\s*[条款项目]|[、，和及与或至到的])*\s*$"
)
"""What stands before 第…条 of another text: its title, and its articles named before this one."""

_CHINESE = "[一二三四五六七八九十]{1,3}"
_UNKNOWN = re.compile(
    rf"{_CHINESE}(?:\s*[.．,，:：]|\s+、)|\d{{1,3}}(?:\s*[,，:：]|\s+[.．、)）])(?!\d)"
    rf"|[（(](?:{_CHINESE}|\d{{1,3}})[、.．,，]|[①-⒛]"
)
"""Beginnings that a person takes for a number and `lines.numbering` does not."""


class Printed(NamedTuple):
    """A number as printed: （ before it, ） or . behind it, 3 or ３; a space before the words."""

    number: str
    before: str
    behind: str
    half_width: bool
    spaced: bool | None

    def __str__(self) -> str:
        return f"{self.before}{self.number}{self.behind}"


def check(draft: Draft, body: Sequence[Clause]) -> Iterator[Problem]:
    yield from _order(draft, body)
    for before, clause in _neighbours(_all(body)):
        yield from _style(draft, before, clause)
    numbers = {arabic(clause.number) for clause in body if clause.number}
    for passage in draft.passages.values():
        yield from _mentions(draft, passage, numbers)
        if unknown := _UNKNOWN.match(passage.text):
            what = f"“{unknown[0]}”像编号，但不会被当作编号，这一段算在上一条里"
            how = "依层级写成“一、”“（一）”“1.”或“1)”"
            yield draft.problem("C06", passage.offsets[0], what, how)


def _order(draft: Draft, siblings: Iterable[Clause]) -> Iterator[Problem]:
    last: dict[int, int] = {}
    seen: set[tuple[int, int]] = set()
    for clause in siblings:
        if clause.number:
            number, before = int(arabic(clause.number)), last.get(clause.level, 0)
            if (clause.level, number) in seen:
                yield _repeated(draft, clause)
            elif number != before + 1:
                yield _jump(draft, clause, before)
            seen.add((clause.level, number))
            last[clause.level] = number
        yield from _order(draft, _inside(clause))


def _repeated(draft: Draft, clause: Clause) -> Problem:
    what = f"编号“{_printed(clause)}”在同一处重复出现"
    return draft.problem("C02", draft.start(clause.opening), what, "改正编号")


def _jump(draft: Draft, clause: Clause, before: int) -> Problem:
    above = f"接在 {before} 之后" if before else "却是这里的第一个"
    what = f"编号不连续：“{_printed(clause)}”{above}"
    how = f"编号改为 {before + 1}，或者补上漏掉的条款"
    return draft.problem("C01", draft.start(clause.opening), what, how)


def _inside(clause: Clause) -> Iterator[Clause]:
    return (part for part in clause.contents if isinstance(part, Clause))


def _all(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        yield from _all(_inside(clause))


def _neighbours(clauses: Iterable[Clause]) -> Iterator[tuple[Clause, Clause]]:
    """Each numbered clause with the one of the same level before it, wherever that stands."""
    last: dict[int, Clause] = {}
    for clause in clauses:
        if clause.number:
            if clause.level in last:
                yield last[clause.level], clause
            last[clause.level] = clause


def _printed(clause: Clause) -> Printed:
    text = text_of(clause.opening)
    found = numbering(text)
    length = found.length if found else 0
    before, _, behind = text[:length].partition(clause.number)
    mark = behind.rstrip()
    spaced = behind != mark if len(text) > length else None
    half_width = clause.number.isascii() or not clause.number.isdecimal()
    return Printed(clause.number, before, mark, half_width, spaced)


def _style(draft: Draft, before: Clause, clause: Clause) -> Iterator[Problem]:
    old, new = _printed(before), _printed(clause)
    start = draft.start(clause.opening)
    if old[1:4] != new[1:4]:
        what = f"编号写作“{new}”，前面同级的写作“{old}”"
        yield draft.problem("C03", start, what, "统一用一种写法")
    if None not in (old.spaced, new.spaced) and old.spaced != new.spaced:
        change = "之后有空格，前面同级的没有" if new.spaced else "之后没有空格，前面同级的有"
        yield draft.problem("C04", start, f"编号“{new}”{change}", "统一写法")


def _mentions(draft: Draft, passage: Passage, numbers: set[str]) -> Iterator[Problem]:
    for found in _MENTION.finditer(passage.text):
        written = numbering(f"{found[1]}、")
        number = arabic(written.number) if written else found[1]
        if number not in numbers and not _OF_ANOTHER_TEXT.search(passage.text[: found.start()]):
            what = f"提到“{quoted(found[0])}”，但正文没有编号为 {found[1]} 的条"
            how = "改正条号；如果是别的文件或法律的条文，前面写上带书名号的名称"
            yield draft.problem("C05", passage.offsets[found.start()], what, how)
