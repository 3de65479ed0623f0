"""What the first characters of a line say: a clause number, or a field of the header."""

import re
from typing import NamedTuple

SECTION = 1
"""The level of 一、, shown as a heading."""

PROVISION = 3
"""The level of 1., to which unnumbered text returns after a list of conditions."""

_CHINESE = "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_STYLES = (
    rf"({_CHINESE})、",
    rf"[（(]({_CHINESE})[）)]",
    r"(\d{1,3})[.．、](?!\d)",
    r"[（(]?(\d{1,3})[）)]",
)
"""The order of clause numbers in Chinese documents (GB/T 9704-2012, 7.3.3), outermost first."""

HEADER_NAMES = ("更新日期", "生效日期", "版本")
HEADER_FIELD = re.compile(rf"({'|'.join(HEADER_NAMES)})[：:]\s*(.*)")

_OPENING = re.compile(rf"\**(?:{'|'.join(_STYLES)}|{HEADER_FIELD.pattern})")


class Numbering(NamedTuple):
    """The number at the beginning of a text: level 1 to 4, number without its mark, length
    of all that stands before the words."""

    level: int
    number: str
    length: int


def numbering(text: str) -> Numbering | None:
    for level, style in enumerate(_STYLES, SECTION):
        if found := re.match(rf"{style}\s*", text):
            return Numbering(level, found[1], found.end())
    return None


def opens_paragraph(line: str) -> bool:
    """Whether a source line begins something of its own, blank line before it or not."""
    return bool(_OPENING.match(line))


def arabic(number: str) -> str:
    """十一 → 11; full-width digits become plain ones."""
    if number.isdecimal():
        return str(int(number))
    tens, ten, units = number.rpartition("十")
    digits = "零一二三四五六七八九"
    return str((digits.index(tens or "一") * 10 if ten else 0) + digits.index(units or "零"))
