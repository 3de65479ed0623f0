"""Markdown as a Chinese legal text needs it: CommonMark with these differences.

1. Raw HTML is text.
2. Numbers are text: ``3. `` opens no list, so every number stays as printed. A numbered line is
   a paragraph of its own even without a blank line before it. Bullets still make lists.
3. Bold works beside every Chinese punctuation mark.
4. Lines wrapped between Chinese characters join without a space; indented lines are not code.
5. Tables are read, images are not. Every link target is read too: which ones may be followed is for
   `rendering` to say, and a link refused here would show its markup to the reader.
"""

from unicodedata import east_asian_width

from markdown_it import MarkdownIt
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline, emphasis
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode
from mdit_py_cjk_friendly import cjk_friendly

from portal.notice import placing
from portal.notice.lines import opens_paragraph

_UNKNOWN_TO_CJK_FRIENDLY = frozenset("“”‘’…—·")
"""Punctuation that Chinese shares with Latin: bold between one of these and a letter or digit
(``**“身份验证”**3 次``) is lost with the plugin alone."""


def parse(text: str) -> SyntaxTreeNode:
    return SyntaxTreeNode(_parser().parse(text))


def text_of(node: SyntaxTreeNode) -> str:
    """The text of a node without its markup, a line per block."""
    if node.type == "hardbreak":
        return "\n"
    if not node.children:
        return node.content
    between = "\n" if node.block and node.type != "inline" else ""
    return between.join(text_of(child) for child in node.children)


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the name is markdown-it's
        del url
        return True


def _parser() -> MarkdownIt:
    markdown = _Markdown("commonmark", {"html": False}).use(cjk_friendly)
    markdown.enable("table").disable(["code", "image"])
    # Joined, pieces of text would have one place.
    markdown.disable(["fragments_join", "text_join"])
    interrupts: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote"]}
    markdown.block.ruler.at("list", _bullet_list, interrupts)
    markdown.block.ruler.before("paragraph", "numbered_line", _numbered_line, interrupts)
    markdown.inline.ruler.at("emphasis", _emphasis)
    markdown.core.ruler.at("inline", placing.inline)
    markdown.core.ruler.push("join_lines", _join_lines)
    return markdown


def _first_column(state: StateBlock, line: int) -> int:
    return state.bMarks[line] + state.tShift[line]


def _bullet_list(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    start = _first_column(state, line)
    return state.src[start : start + 1] in ("-", "*", "+") and list_block(state, line, end, silent)


def _numbered_line(state: StateBlock, line: int, end: int, silent: bool) -> bool:
    """Ends the paragraph above; the line itself is left to the paragraph rule."""
    del end
    return silent and opens_paragraph(state.src[_first_column(state, line) : state.eMarks[line]])


def _emphasis(state: StateInline, silent: bool) -> bool:
    start, known = state.pos, len(state.delimiters)
    if not emphasis.tokenize(state, silent):
        return False
    for place, mark in enumerate(state.delimiters[known:], start):
        placing.place(state.tokens[mark.token], place)
    before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
    if _UNKNOWN_TO_CJK_FRIENDLY.intersection((before, after)):
        for mark in state.delimiters[known:]:
            mark.open, mark.close = bool(after.strip()), bool(before.strip())
    return True


def _join_lines(state: StateCore) -> None:
    for block in state.tokens:
        words = block.children or []
        for place, token in enumerate(words):
            if token.type == "softbreak":
                before, after = _content(words[:place]), _content(words[place:])
                token.type = "text"
                token.content = "" if _join(before[-1:], after[:1]) else " "


def _content(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens)


def _join(before: str, after: str) -> bool:
    """No space where a wide character meets a wide or an ambiguous one (“ is ambiguous)."""
    widths = [east_asian_width(char) for char in (before, after) if char]
    return any(w in "WF" for w in widths) and all(w in "WFA" for w in widths)
