"""A notice as the HTML that a person agrees to: its own words, once, in order, nothing added."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from markdown_it.tree import SyntaxTreeNode

from portal.notice.clauses import Clause
from portal.notice.lines import SECTION
from portal.notice.markdown import text_of
from portal.notice.reading import HEAD, Notice, NoticeError

SETTING = "#"
"""Stands in the notice for a target that the settings give."""

SAFE_TARGET = re.compile(r"(?i:https)://[^\s/\\?#@]+(?:[/?#]\S*)?|/(?![/\\])[^\s\\]*")
"""An https address without a user name in front of its host, or a path of this site."""

_TAGS = {
    "paragraph": "p",
    "heading": "h3",
    "bullet_list": "ul",
    "list_item": "li",
    "blockquote": "blockquote",
    "table": "table",
    "thead": "thead",
    "tbody": "tbody",
    "tr": "tr",
    "th": "th",
    "td": "td",
    "fence": "pre",
    "code_inline": "code",
    "em": "em",
}


@dataclass(frozen=True)
class Fragment:
    """The notice to be put into a page as it is; it brings the page's h1.

    `sha256` is over the UTF-8 bytes of `html`, hex. `bold_ids` are the ids of the bold runs.
    """

    html: str = field(repr=False)
    sha256: str
    bold_ids: tuple[str, ...]


def render(notice: Notice, links: Mapping[str, str] = {}) -> Fragment:
    """`links` gives the target of each link that the notice leaves open (#), by link text: an
    https address or a path of this site. A link without a target safe to follow is plain text.

    Raises NoticeError for an unsafe target in `links`.
    """
    for text, target in links.items():
        if not SAFE_TARGET.fullmatch(target):
            raise NoticeError(f"链接“{text}”的目标“{target}”应是 https 地址或本站路径")
    html = _Writer(links).notice(notice)
    digest = hashlib.sha256(html.encode()).hexdigest()
    return Fragment(html, digest, tuple(run.id for run in notice.bold_runs))


class _Writer:
    """Writes only tags of its own; of the notice it takes text, ids and safe targets.

    Clauses are lists whose numbers stand in the text, as printed; `role` keeps them lists for
    VoiceOver once the style sheet has taken the markers away.
    """

    def __init__(self, links: Mapping[str, str]) -> None:
        self._links = links

    def notice(self, notice: Notice) -> str:
        title, *fields = (self._inside(node) for node in notice.head)
        head = [_element("h1", title), *(_element("p", field) for field in fields)]
        return _stack([_element("header", _stack(head), id=HEAD), *self._parts(notice.body)])

    def _parts(self, parts: Iterable[SyntaxTreeNode | Clause]) -> Iterator[str]:
        for is_list, run in groupby(parts, _is_list_item):
            written = [self._part(part) for part in run]
            if is_list:
                yield _element("ol", _stack(written), role="list", class_="clauses")
            else:
                yield from written

    def _part(self, part: SyntaxTreeNode | Clause) -> str:
        if not isinstance(part, Clause):
            return self._html(part)
        if part.level < SECTION:
            return self._html(part.opening, id=part.id)
        element, opening = ("section", "h2") if part.level == SECTION else ("li", "p")
        first = _element(opening, self._inside(part.opening))
        return _element(element, _stack([first, *self._parts(part.contents)]), id=part.id)

    def _html(self, node: SyntaxTreeNode, **attributes: str) -> str:
        inside = self._inside(node)
        if node.type == "link":
            return self._link(node, inside)
        if node.type == "strong" and "id" in node.attrs:
            return _element("strong", inside, class_="clause", id=str(node.attrs["id"]))
        if node.type == "th":
            attributes["scope"] = "col"
        tag = _TAGS.get(node.type)
        return _element(tag, inside, **attributes) if tag and not node.hidden else inside

    def _inside(self, node: SyntaxTreeNode) -> str:
        if node.type == "hardbreak":
            return "<br>"
        if not node.children:
            return escape(node.content, quote=False)
        parts = [self._html(child) for child in node.children]
        holds_blocks = node.children[0].block and node.children[0].type != "inline"
        return _stack(parts) if holds_blocks else "".join(parts)

    def _link(self, node: SyntaxTreeNode, inside: str) -> str:
        target = str(node.attrs["href"])
        if target == SETTING:
            target = self._links.get(text_of(node), "")
        return _element("a", inside, href=target) if SAFE_TARGET.fullmatch(target) else inside


def _is_list_item(part: SyntaxTreeNode | Clause) -> bool:
    return isinstance(part, Clause) and part.level > SECTION


def _stack(blocks: Iterable[str]) -> str:
    return "\n" + "\n".join(blocks) + "\n"


def _element(tag: str, inside: str, **attributes: str) -> str:
    written = "".join(f' {name.strip("_")}="{escape(text)}"' for name, text in attributes.items())
    return f"<{tag}{written}>{inside}</{tag}>"
