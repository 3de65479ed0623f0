"""What would not appear on the page as it is written: T01 and T06."""

import re
from collections.abc import Iterator

from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.passages import Passage
from portal.notice.checking.problems import Problem

_TAG = re.compile(r"</?[A-Za-z][^<>]*>|<!--|<[!?][A-Za-z]")


def check(draft: Draft) -> Iterator[Problem]:
    for passage in draft.passages.values():
        yield from _tags(draft, passage)
        yield from _entities(draft, passage)
    yield from _lost(draft)


def _tags(draft: Draft, passage: Passage) -> Iterator[Problem]:
    for tag in _TAG.finditer(passage.text):
        what = f"HTML 标签“{quoted(tag[0])}”会原样出现在页面上"
        how = "删去标签；加粗用 **，另起一段空一行"
        yield draft.problem("T01", passage.offsets[tag.start()], what, how)


def _entities(draft: Draft, passage: Passage) -> Iterator[Problem]:
    for node in passage.node.walk():
        if node.type == "text_special" and node.info == "entity":
            what = f"“{quoted(node.markup)}”会变成“{quoted(node.content)}”"
            yield draft.problem("T01", passage.at(node), what, "直接写要显示的字符")


def _lost(draft: Draft) -> Iterator[Problem]:
    """Once a line: the first word that neither a passage shows nor a link hides."""
    shown = _shown(draft)
    for start, line in zip(draft.source.starts, draft.source.lines, strict=False):
        for offset, char in enumerate(line, start):
            if _is_word(char) and not shown[offset]:
                rest = quoted(draft.source.text[offset : start + len(line)])
                how = "改用普通的段落；链接写成 [文字](https://…)，表格每行的格数要一样"
                yield draft.problem("T06", offset, f"“{rest}”不会出现在页面上", how)
                break


def _shown(draft: Draft) -> bytearray:
    shown = bytearray(len(draft.source.text) + 1)
    for passage in draft.passages.values():
        for offset in passage.offsets[:-1]:
            shown[offset] = True
        for hidden in passage.hidden:
            shown[hidden.start : hidden.stop] = b"\1" * len(hidden)
    return shown


def _is_word(char: str) -> bool:
    """Letters, digits, Chinese punctuation: what can't be Markdown's own."""
    return char.isalnum() if char.isascii() else not char.isspace()
