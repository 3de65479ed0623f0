"""Characters that a reader can not see: T03 to T05."""

import re
import unicodedata
from collections.abc import Iterator

from portal.notice.checking.draft import Draft
from portal.notice.checking.problems import Problem

_TAB = re.compile(r"^[^\t\n]*(\t)", re.MULTILINE)
_SPACES_AT_THE_END = re.compile("[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+$", re.MULTILINE)
_UNSEEN = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""The Unicode categories of characters that show nothing, or nothing that is agreed upon."""


def check(draft: Draft) -> Iterator[Problem]:
    text = draft.source.text
    for place, char in enumerate(text):
        if _is_unseen(char):
            what = f"有看不见的字符 U+{ord(char):04X}（{unicodedata.name(char, '控制字符')}）"
            yield draft.problem("T03", place, what, "删去这个字符，必要时重新输入这几个字")
    for tab in _TAB.finditer(text):
        yield draft.problem("T04", tab.start(1), "这一行有制表符", "换成空格，或者删去")
    for spaces in _SPACES_AT_THE_END.finditer(text):
        what = f"行尾有 {len(spaces[0])} 个空格"
        yield draft.problem("T05", spaces.start(), what, "删去行尾的空格")


def _is_unseen(char: str) -> bool:
    if char in "\n\t":
        return False
    return unicodedata.category(char) in _UNSEEN or char == "\N{REPLACEMENT CHARACTER}"
