"""A notice as a list of paragraphs: where each stands, its words, and what of them is bold."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.tree import SyntaxTreeNode

from portal.notice.clauses import Clause
from portal.notice.lines import HEADER_FIELD, SECTION, numbering
from portal.notice.reading import HEAD, Notice


@dataclass(frozen=True)
class Paragraph:
    """One paragraph, list item, table row or header line.

    `position` counts from 0 through the version; `parent` is the position of what opens the
    clause that this paragraph stands in. `level` is the clause's for what opens one, else 0.
    `cited` names the place to a reader: 二、3. 1), and a section by its heading. `text` begins
    with `number` as printed, its mark included (in the header with the name of the field).
    `bold` has a byte for each character of `text`, 1 where it is bold.
    """

    position: int
    parent: int | None
    clause_id: str
    level: int
    cited: str
    number: str
    text: str
    bold: bytes = field(repr=False)

    @property
    def words(self) -> str:
        """The text without its number."""
        return self.text[len(self.number) :]


def paragraphs_of(notice: Notice) -> tuple[Paragraph, ...]:
    found = [_field(position, node) for position, node in enumerate(notice.head)]
    for clause in notice.body:
        _add(found, clause, None)
    return tuple(found)


def _field(position: int, node: SyntaxTreeNode) -> Paragraph:
    text, bold = _marked(node)
    name = HEADER_FIELD.match(text) if position else None
    return Paragraph(position, None, HEAD, 0, "", name[1] if name else "", text, bold)


def _add(found: list[Paragraph], clause: Clause, above: Paragraph | None) -> None:
    for part in (clause.opening, *clause.contents):
        if isinstance(part, Clause):
            _add(found, part, above)
            continue
        for block in _blocks(part):
            paragraph = _paragraph(len(found), block, clause, above)
            found.append(paragraph)
            above = paragraph if paragraph.level else above


def _paragraph(
    position: int, node: SyntaxTreeNode, clause: Clause, above: Paragraph | None
) -> Paragraph:
    text, bold = _marked(node)
    level = clause.level if node is clause.opening else 0
    printed = numbering(text) if level else None
    number = text[: printed.length].rstrip() if printed else ""
    if level:
        cited = text if level == SECTION else _cited(above, number)
    else:
        cited = above.cited if above else f"开头第 {clause.id.removeprefix('p-')} 段"
    parent = above.position if above else None
    return Paragraph(position, parent, clause.id, level, cited, number, text, bold)


def _cited(above: Paragraph | None, number: str) -> str:
    if above and above.level == SECTION:
        return (above.number or f"{above.text} ") + number
    return f"{above.cited} {number}" if above else number


def _blocks(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    """The blocks that hold words; the cells of a table row stay together."""
    if node.type == "tr" or not node.children or node.children[0].type == "inline":
        if _marked(node)[0].strip():
            yield node
    else:
        for child in node.children:
            yield from _blocks(child)


def _marked(node: SyntaxTreeNode) -> tuple[str, bytes]:
    runs = list(_runs(node, False))
    text = "".join(run for run, _ in runs)
    return text, b"".join(bytes([bold]) * len(run) for run, bold in runs)


def _runs(node: SyntaxTreeNode, bold: bool) -> Iterator[tuple[str, bool]]:
    """As `text_of` gives the text, in runs that are bold or not."""
    bold = bold or node.type == "strong"
    if node.type == "hardbreak":
        yield "\n", bold
    elif not node.children:
        yield node.content, bold
    for place, child in enumerate(node.children):
        if place and node.block and node.type != "inline":
            yield "\n", False
        yield from _runs(child, bold)
