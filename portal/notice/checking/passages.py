"""The running text of a notice, character by character, with the source offset of each."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it.tree import SyntaxTreeNode

from portal.notice.placing import at, end_of_text

_TARGET = re.compile(r"\](?:\(\s*(?:<[^<>\n]*>|\S*)|\[[^\]]*\])?")
"""What follows the text of a link, up to its title."""


@dataclass(frozen=True)
class Passage:
    """The text of one paragraph, heading, table cell or code block.

    `offsets` says where in the source each character of `text` stands, and where it ends.
    `places` says the same of the block's content as the parser cut it, markup included. `hidden`
    are the ranges of the source that a reader need not see: link targets, names of characters.
    """

    node: SyntaxTreeNode
    text: str
    offsets: Sequence[int]
    places: Sequence[int]
    hidden: tuple[range, ...] = ()

    def at(self, node: SyntaxTreeNode) -> int:
        """Where in the source a node of this passage begins, as `placing.at` has it."""
        return self.places[at(node)]


class Source:
    """The text of a file with lines that end in LF, as the parser counts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = text.replace("\0", "\N{REPLACEMENT CHARACTER}").split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)

    def passages(self, tree: SyntaxTreeNode) -> Iterator[Passage]:
        read: Counter[int] = Counter()
        for node in tree.walk():
            if node.type == "inline" and node.map:
                yield self._inline(node, self._places(node.content, *node.map, read))
            elif node.type == "fence" and node.content and node.map:
                text = node.content.removesuffix("\n")
                places = self._places(text, node.map[0] + 1, node.map[1], read)
                yield Passage(node, text, places, places)

    def _places(self, content: str, first: int, end: int, read: Counter[int]) -> list[int]:
        """The offset of each character and of the end.

        `first` is the line in which the block begins, `end` the first behind it; `read` tells how
        far each line has been read: the cells of a table share one.
        """
        lines = content.split("\n")
        # The parser cuts off lines of wide spaces at the beginning.
        begins = (n for n in range(first, end) if lines[0].strip() in self.lines[n])
        places: list[int] = []
        for current, line in enumerate(lines, next(begins, first)):
            columns = _columns(line, self.lines[current], read[current])
            places += [self.starts[current] + column for column in columns]
            read[current] = columns[-1]
        return places

    def _inline(self, block: SyntaxTreeNode, places: Sequence[int]) -> Passage:
        text, offsets, hidden = "", [], []
        for node in block.walk():
            if node.type == "link":
                hidden.append(self._target(node, places))
            elif node is not block and not node.children:
                piece = "\n" if node.type == "hardbreak" else node.content
                text += piece
                offsets += [places[index] for index in _indices(node, piece, block.content)]
            if node.type == "text_special":
                hidden.append(range(offsets[-1], offsets[-1] + len(node.markup)))
        return Passage(block, text, [*offsets, places[-1]], places, tuple(hidden))

    def _target(self, link: SyntaxTreeNode, places: Sequence[int]) -> range:
        start = places[at(link)]
        if link.info == "auto":
            return range(start, self.text.find(">", start) + 1)
        start = places[end_of_text(link)]
        found = _TARGET.match(self.text, start)
        return range(start, found.end() if found else start)


def _indices(node: SyntaxTreeNode, piece: str, content: str) -> Iterator[int]:
    """Where in the content of its block each character of a node's text stands."""
    first = at(node)
    if node.type == "code_inline":
        first += len(node.markup)
        first += content[first : first + len(piece)].replace("\n", " ") != piece
    elif node.parent and node.parent.info == "auto":
        first += 1
    for step in range(len(piece)):
        yield first if node.type == "text_special" else min(first + step, len(content))


def _columns(content: str, line: str, begin: int) -> list[int]:
    """The column in the source line of each character of a line as the parser cut it, and of
    its end."""
    words = content if line.find(content, begin) >= 0 else content.strip()
    found = line.find(words, begin)
    if found >= 0:
        first = found - content.index(words)
        return [min(max(0, first + place), len(line)) for place in range(len(content) + 1)]
    columns = []
    for char in content:
        found = line.find(char, begin)
        columns.append(begin if found < 0 else found)
        begin = min(columns[-1] + 1, len(line))
    return [*columns, begin]
