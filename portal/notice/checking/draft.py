"""One file under check: its bytes, its text, its parse, and how to point at a character of it."""

import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Self

from markdown_it.tree import SyntaxTreeNode

from portal.notice.checking.decoding import decode
from portal.notice.checking.passages import Passage, Source
from portal.notice.checking.problems import WARNINGS, Problem, Severity
from portal.notice.markdown import parse


@dataclass(frozen=True)
class Draft:
    """`file` is the name that the problems show; `written` the text as decoded, `encoding` the
    name that `decode` gave, `source` the text with lines that end in LF. `nodes` are the blocks
    that `reading` takes; `passages` gives the text of each inline or code block."""

    file: str
    raw: bytes
    written: str
    encoding: str
    source: Source
    nodes: tuple[SyntaxTreeNode, ...]
    passages: Mapping[SyntaxTreeNode, Passage]

    @classmethod
    def of(cls, file: str, source: bytes) -> Self:
        written, encoding = decode(source)
        text = Source(re.sub(r"\r\n?", "\n", written))
        tree = parse(text.text)
        nodes = tuple(node for node in tree.children if node.type != "hr")
        passages = {passage.node: passage for passage in text.passages(tree)}
        return cls(file, source, written, encoding, text, nodes, passages)

    @property
    def path(self) -> PurePath:
        return PurePath(self.file)

    def start(self, block: SyntaxTreeNode, index: int = 0) -> int:
        """The offset of a character of the text of a block."""
        for node in block.walk():
            if node in self.passages:
                offsets = self.passages[node].offsets
                return offsets[min(index, len(offsets) - 1)]
        return self.source.starts[block.map[0]] if block.map else 0

    def problem(self, code: str, offset: int, what: str, how: str) -> Problem:
        """`offset` counts the characters of the text."""
        line = bisect_right(self.source.starts, offset)
        column = offset - self.source.starts[line - 1] + 1
        severity = Severity.WARNING if code in WARNINGS else Severity.ERROR
        return Problem(self.file, line, column, code, severity, what, how)


def quoted(text: str, longest: int = 20) -> str:
    """A few words of the notice, fit to be printed in one line: whatever is invisible shows its
    number instead."""
    short = text if len(text) <= longest else text[:longest] + "…"
    return "".join(c if c.isprintable() else f"[U+{ord(c):04X}]" for c in short)
