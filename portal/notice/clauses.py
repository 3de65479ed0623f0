"""The clauses of a notice, found by their printed numbers and nested as those numbers say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from markdown_it.tree import SyntaxTreeNode

from portal.notice.lines import PROVISION, SECTION, Numbering, arabic, numbering
from portal.notice.markdown import text_of


@dataclass(frozen=True)
class Clause:
    """One provision: the block that opens it, and all that belongs to it in the order printed.

    `level` is 1 for 一、, 2 for （一）, 3 for 1., 4 for 1), and 0 for a paragraph of the preamble,
    which has no number and an empty path. `path` holds the printed numbers from the section
    down: ("一", "2", "3"). `text` is the clause's own, without its number and without the clauses
    inside it, a line per block. `id` follows from the path (c-1-2-3; p-1 in the preamble); a
    number printed a second time in the same place gets _2.
    """

    id: str
    level: int
    path: tuple[str, ...]
    text: str
    opening: SyntaxTreeNode = field(repr=False)
    contents: tuple["SyntaxTreeNode | Clause", ...] = field(repr=False)

    @property
    def number(self) -> str:
        """As printed, without its mark: 一, 2, 3."""
        return self.path[-1] if self.path else ""

    def walk(self) -> Iterator[tuple["Clause", SyntaxTreeNode]]:
        """Every block in the order of the notice, with the clause it belongs to."""
        yield self, self.opening
        for part in self.contents:
            if isinstance(part, Clause):
                yield from part.walk()
            else:
                yield self, part


def outline(nodes: Iterable[SyntaxTreeNode]) -> tuple[Clause, ...]:
    """The preamble's paragraphs and the sections, each with its clauses inside.

    Text without a number belongs to the `1.` (or the section) above it: after the conditions
    1) to 6) the next paragraph speaks of the provision that lists them.
    """
    notice = _Draft("c", Numbering(0, "", 0), (), SyntaxTreeNode())
    chain = [notice]
    for node in nodes:
        _place(chain, node)
    return tuple(part.finished() for part in notice.contents if isinstance(part, _Draft))


@dataclass
class _Draft:
    """A clause still growing; without a path, the whole notice."""

    id: str
    numbering: Numbering
    path: tuple[str, ...]
    opening: SyntaxTreeNode
    contents: list["SyntaxTreeNode | _Draft"] = field(default_factory=list)
    printed: Counter[str] = field(default_factory=Counter)

    def open(self, numbering: Numbering, node: SyntaxTreeNode) -> "_Draft":
        key = arabic(numbering.number) if numbering.number else "x"
        self.printed[key] += 1
        again = f"_{self.printed[key]}" if self.printed[key] > 1 else ""
        path = (*self.path, numbering.number)
        draft = _Draft(f"{self.id}-{key}{again}", numbering, path, node)
        self.contents.append(draft)
        return draft

    def take(self, node: SyntaxTreeNode) -> None:
        if self.path:
            self.contents.append(node)
        else:
            self.printed["p"] += 1
            self.contents.append(_Draft(f"p-{self.printed['p']}", self.numbering, (), node))

    def finished(self) -> Clause:
        level, _, number_length = self.numbering
        own = [self.opening, *(part for part in self.contents if not isinstance(part, _Draft))]
        text = "\n".join(text_of(node) for node in own)[number_length:]
        contents = tuple(p.finished() if isinstance(p, _Draft) else p for p in self.contents)
        return Clause(self.id, level, self.path, text, self.opening, contents)


_Chain: TypeAlias = list[_Draft]
"""The drafts that may still grow, outermost (the notice) first."""


def _place(chain: _Chain, node: SyntaxTreeNode) -> None:
    if opened := _opened(node):
        _close(chain, opened.level - 1)
        chain.append(chain[-1].open(opened, node))
    elif _lists_clauses(node):
        for item in node.children:
            _place_item(chain, item)
    else:
        _close(chain, PROVISION)
        chain[-1].take(node)


def _place_item(chain: _Chain, item: SyntaxTreeNode) -> None:
    for node in item.children[:1]:
        _place(chain, node)
    owner = chain[-1]
    for node in item.children[1:]:
        if _lists_clauses(node):
            _place(chain, node)
        else:
            owner.take(node)


def _close(chain: _Chain, level: int) -> None:
    while chain[-1].numbering.level > level:
        chain.pop()


def _opened(node: SyntaxTreeNode) -> Numbering | None:
    if node.type not in ("paragraph", "heading"):
        return None
    unnumbered_section = Numbering(SECTION, "", 0) if node.tag in ("h1", "h2") else None
    return numbering(text_of(node)) or unnumbered_section


def _lists_clauses(node: SyntaxTreeNode) -> bool:
    return node.type == "bullet_list" and any(
        item.children and _opened(item.children[0]) for item in node.children
    )
