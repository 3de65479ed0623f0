"""What the header says, alone, against the file name and against the calendar: H04 to H08, D."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from unicodedata import normalize

from portal.clock import SHANGHAI
from portal.notice.checking import header
from portal.notice.checking.context import Context
from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.header import Line
from portal.notice.checking.problems import Problem
from portal.notice.reading import DAY, VERSION

NOTICE_PERIOD = timedelta(days=7)
"""A change is made public at least seven days before it takes effect (E-Commerce Law 34)."""


def check(draft: Draft, context: Context) -> Iterator[Problem]:
    lines = header.values(draft)
    for line in lines.values():
        yield from _value(draft, line)
    if "版本" in lines:
        yield from _version(draft, lines["版本"], context)
    if "生效日期" in lines:
        yield from _effect(draft, lines, context)


def _value(draft: Draft, line: Line) -> Iterator[Problem]:
    form, rule = (VERSION, "应写成如 2026V1") if line.name == "版本" else (DAY, "应是 8 位数字")
    start = draft.start(line.node, line.place)
    if not form.fullmatch(_half_width(line)):
        what = f"“{line.name}：{quoted(line.value or '')}”的写法不对，{rule}"
        yield draft.problem("H04", start, what, f"改为“{line.name}：{_suggestion(line)}”")
        return
    if line.value != _half_width(line):
        what = f"“{line.value}”中有全角字符"
        yield draft.problem("H05", start, what, f"用半角重新输入：{_half_width(line)}")
    if form is DAY and not _day(line):
        what = f"日历上没有 {_half_width(line)} 这一天"
        yield draft.problem("H06", start, what, "核对年、月、日")


def _half_width(line: Line) -> str:
    return normalize("NFKC", line.value or "")


def _suggestion(line: Line) -> str:
    """The same in the right form where it can be told: 2026-1-5 is 20260105, v1 is V1."""
    if line.name == "版本":
        likely = re.sub("[^0-9V]", "", _half_width(line).upper())
        return likely if VERSION.fullmatch(likely) else "2026V1"
    likely = "".join(part.zfill(2) for part in re.findall("[0-9]+", _half_width(line)))
    return likely if DAY.fullmatch(likely) else "20260101"


def _day(line: Line) -> date | None:
    try:
        return date.fromisoformat(_half_width(line))
    except ValueError:
        return None


def _version(draft: Draft, line: Line, context: Context) -> Iterator[Problem]:
    version, start = _half_width(line), draft.start(line.node, line.place)
    if not VERSION.fullmatch(version):
        return
    if version != draft.path.stem:
        what = f"版本是 {version}，文件名却是 {draft.path.name}"
        how = f"文件改名为 {version}.md，或者改正版本"
        yield draft.problem("H07", start, what, how)
    for name, other in context.versions.items():
        if other == version and name != draft.path.name:
            what = f"{name} 也写着版本 {version}"
            how = "一个版本只能有一个文件：改用新的版本号，或删去多余的文件"
            yield draft.problem("H08", start, what, how)


def _effect(draft: Draft, lines: Mapping[str, Line], context: Context) -> Iterator[Problem]:
    line = lines["生效日期"]
    effective = _day(line)
    updated = _day(lines["更新日期"]) if "更新日期" in lines else None
    if not effective:
        return
    start = draft.start(line.node, line.place)
    if updated and effective < updated:
        what = f"生效日期 {effective:%Y%m%d} 早于更新日期 {updated:%Y%m%d}"
        yield draft.problem("D01", start, what, "核对两个日期")
    published = _published(draft, context)
    if effective - published < NOTICE_PERIOD:
        what = f"{published:%Y%m%d} 发布，{effective:%Y%m%d} 生效，公示不足 7 天"
        how = f"生效日期最早写 {published + NOTICE_PERIOD:%Y%m%d}（电子商务法第三十四条）"
        yield draft.problem("D02", start, what, how)


def _published(draft: Draft, context: Context) -> date:
    """The day in Shanghai on which the notice was published, or is if it is today."""
    entry = context.register.get(draft.path.stem)
    return entry.published_at.astimezone(SHANGHAI).date() if entry else context.today
