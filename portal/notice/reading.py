"""From the bytes of a notice to its header, sections, clauses, bold runs and links."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from portal.notice.clauses import Clause, outline
from portal.notice.lines import HEADER_FIELD, HEADER_NAMES, SECTION
from portal.notice.markdown import parse, text_of

HEAD = "head"
"""The id of title and header lines together: the home of a bold run among them."""

DAY = re.compile(r"[0-9]{8}")
VERSION = re.compile(r"[0-9]{4}V[0-9]+")


class NoticeError(ValueError):
    """A notice or its register that cannot be used; one line, for the legal team."""


class Section(NamedTuple):
    """An entry of the jump list: number 一, text 注销申请前确认."""

    number: str
    text: str
    id: str


class BoldRun(NamedTuple):
    """Words that the notice stresses. `clause_id` may also be `HEAD`."""

    id: str
    text: str
    clause_id: str


class Link(NamedTuple):
    """A link as written; # is a target that the settings give."""

    text: str
    target: str


@dataclass(frozen=True)
class Notice:
    """One version of the notice. `head` is the title and the header lines, `body` the preamble's
    paragraphs and the sections with the clauses inside them; the rest is drawn from these."""

    version: str
    title: str
    updated: date
    effective: date
    source: bytes = field(repr=False)
    source_sha256: str
    head: tuple[SyntaxTreeNode, ...] = field(repr=False)
    body: tuple[Clause, ...] = field(repr=False)
    sections: tuple[Section, ...]
    clauses: tuple[Clause, ...] = field(repr=False)
    bold_runs: tuple[BoldRun, ...]
    links: tuple[Link, ...]


def read(source: bytes) -> Notice:
    """Raises NoticeError, naming the line, where the header does not say what the portal needs."""
    tree = parse(_decoded(source))
    nodes = [node for node in tree.children if node.type != "hr"]
    title, header = _title(nodes), _header(nodes)
    size = 1 + len(header)
    head, body = tuple(nodes[:size]), outline(nodes[size:])
    clauses = tuple(_flat(body))
    return Notice(
        version=_version(header["版本"]),
        title=title,
        updated=_day("更新日期", header["更新日期"]),
        effective=_day("生效日期", header["生效日期"]),
        source=source,
        source_sha256=hashlib.sha256(source).hexdigest(),
        head=head,
        body=body,
        sections=tuple(_sections(clauses)),
        clauses=clauses,
        bold_runs=tuple(_bold_runs(head, body)),
        links=tuple(_links(tree)),
    )


class _Field(NamedTuple):
    value: str
    line: int


def _decoded(source: bytes) -> str:
    try:
        return source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise NoticeError(f"第 {line} 行：不是 UTF-8 编码的文字") from error


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1


def _title(nodes: Sequence[SyntaxTreeNode]) -> str:
    if not nodes or nodes[0].type not in ("paragraph", "heading"):
        raise NoticeError(f"第 {_line(nodes[0]) if nodes else 1} 行：须知应以标题开头")
    if HEADER_FIELD.match(text_of(nodes[0])):
        raise NoticeError(f"第 {_line(nodes[0])} 行：标题应写在“更新日期”等之前")
    return text_of(nodes[0])


def _header(nodes: Sequence[SyntaxTreeNode]) -> dict[str, _Field]:
    fields: dict[str, _Field] = {}
    line = _line(nodes[0])
    for node in nodes[1:]:
        line = _line(node)
        found = HEADER_FIELD.fullmatch(text_of(node))
        if not found:
            break
        if found[1] in fields:
            raise NoticeError(f"第 {line} 行：“{found[1]}”写了两次")
        fields[found[1]] = _Field(found[2], line)
    for name in HEADER_NAMES:
        if name not in fields:
            raise NoticeError(f"第 {line} 行：标题之后缺少单独成行的“{name}：”")
    return fields


def _day(name: str, written: _Field) -> date:
    try:
        if DAY.fullmatch(written.value):
            return date.fromisoformat(written.value)
    except ValueError as error:
        raise NoticeError(_malformed(name, written, "日历上没有这一天")) from error
    raise NoticeError(_malformed(name, written, "应写成 8 位数字，如 20251229"))


def _version(written: _Field) -> str:
    if not VERSION.fullmatch(written.value):
        raise NoticeError(_malformed("版本", written, "应写成如 2025V1"))
    return written.value


def _malformed(name: str, written: _Field, rule: str) -> str:
    return f"第 {written.line} 行：“{name}：{written.value}”{rule}"


def _flat(clauses: Iterable[Clause]) -> Iterator[Clause]:
    for clause in clauses:
        yield clause
        yield from _flat(part for part in clause.contents if isinstance(part, Clause))


def _sections(clauses: Iterable[Clause]) -> Iterator[Section]:
    for clause in clauses:
        if clause.level == SECTION:
            yield Section(clause.number, clause.text.partition("\n")[0], clause.id)


def _bold_runs(head: Iterable[SyntaxTreeNode], body: Iterable[Clause]) -> Iterator[BoldRun]:
    """Gives each run its id (b-c-1-2-1: the first in clause c-1-2), which the fragment shows."""
    places = [(HEAD, node) for node in head]
    places += [(clause.id, node) for top in body for clause, node in top.walk()]
    found: Counter[str] = Counter()
    for home, node in places:
        for strong in _outermost_bold(node):
            found[home] += 1
            run = BoldRun(f"b-{home}-{found[home]}", text_of(strong), home)
            strong.attrs["id"] = run.id
            yield run


def _outermost_bold(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    if node.type == "strong":
        yield node
    else:
        for child in node.children:
            yield from _outermost_bold(child)


def _links(tree: SyntaxTreeNode) -> Iterator[Link]:
    for node in tree.walk():
        if node.type == "link":
            yield Link(text_of(node), str(node.attrs["href"]))
