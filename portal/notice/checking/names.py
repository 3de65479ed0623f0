"""The hotline and the companies, as the settings have them: S01 and S02."""

import re
from collections.abc import Iterator, Sequence

from portal.notice.checking.context import Context
from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.passages import Passage
from portal.notice.checking.problems import Problem

_MORE = r"(?:[-－‐–— ]?\d)"
_PHONE = re.compile(
    rf"(?<!\d)[4４8８][0０]{{2}}{_MORE}{{5,9}}(?!\d)"
    rf"|(?<=热线|电话|拨打)[^\d。；]{{0,20}}?(\d{_MORE}{{6,12}})(?!\d)"
)
"""A 400 or 800 number, or any other that the words before it call a telephone number."""

_COMPANY = re.compile("(?:有限责任|股份有限|有限)公司")
_NO_WORD = re.compile(r"[^\u4e00-\u9fff]")
_LONGEST_NAME = 40


def check(draft: Draft, context: Context) -> Iterator[Problem]:
    for passage in draft.passages.values():
        yield from _phones(draft, passage, context.hotline)
        yield from _companies(draft, passage, context.companies)


def _phones(draft: Draft, passage: Passage, hotline: str) -> Iterator[Problem]:
    for found in _PHONE.finditer(passage.text):
        number = found[1] or found[0]
        if number != hotline:
            start = passage.offsets[found.end() - len(number)]
            what = f"电话号码“{number}”与设置中的客服热线 {hotline} 不一致"
            how = f"改为 {hotline}；如果热线换了，请开发者改设置 PORTAL_HOTLINE"
            yield draft.problem("S01", start, what, how)


def _companies(draft: Draft, passage: Passage, companies: Sequence[str]) -> Iterator[Problem]:
    for found in _COMPANY.finditer(passage.text):
        before = passage.text[: found.end()]
        if not before.endswith(tuple(companies)):
            name = _name(before[-_LONGEST_NAME:], companies)
            what = f"公司名称“{quoted(name, _LONGEST_NAME)}”不在设置中"
            how = f"设置中有：{'、'.join(companies)}；确有变化时请开发者改设置 PORTAL_COMPANIES"
            yield draft.problem("S02", passage.offsets[found.end() - len(name)], what, how)


def _name(text: str, companies: Sequence[str]) -> str:
    """The name at the end of a text: from where it begins as a known one does, or all words."""
    words = _NO_WORD.split(text)[-1]
    return words[max(0, *(words.rfind(known[:2]) for known in companies), 0) :]
