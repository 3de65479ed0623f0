"""Where in the source each piece of text stands, noted while Markdown is parsed.

The parser tells the lines of a block and nothing finer. What is wrong with a notice has to be
shown at its character. All places are indices into the content of the inline block.
"""

from typing import Literal

from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

_AT = "at"


def at(node: SyntaxTreeNode) -> int:
    """Where text begins; of bold, the last character of the opening mark; of a link, its text."""
    return int(node.meta[_AT])


def end_of_text(link: SyntaxTreeNode) -> int:
    """Where the text of a link ends. Raises ValueError for what is not a link."""
    if not link.nester_tokens:
        raise ValueError(link.type)
    return int(link.nester_tokens.closing.meta[_AT])


def place(token: Token, at: int) -> None:
    token.meta[_AT] = at


def inline(state: StateCore) -> None:
    """The core rule of the same name, with places."""
    parser = state.md.inline
    for token in state.tokens:
        if token.type == "inline":
            token.children = []
            placed = _Placed(token.content, state.md, state.env, token.children)
            parser.tokenize(placed)
            for rule in parser.ruler2.getRules(""):
                rule(placed)


class _Placed(StateInline):
    _pending = ""
    _begun = 0

    @property
    def pending(self) -> str:
        """Text in a row that no rule has claimed yet."""
        return self._pending

    @pending.setter
    def pending(self, text: str) -> None:
        if not self._pending:
            self._begun = self.pos
        self._pending = text

    def pushPending(self) -> Token:  # noqa: N802 - the name is markdown-it's
        token = super().pushPending()
        place(token, self._begun)
        return token

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        token = super().push(ttype, tag, nesting)
        place(token, self.pos)
        return token
