"""What a person is told of a comparison: the changed clauses in groups under their sections."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from portal.notice.comparing.changes import Change, Comparison, Kind
from portal.notice.comparing.segments import Mark, Segment
from portal.notice.lines import SECTION
from portal.notice.reading import HEAD
from portal.notice.rendering import SETTING

_WORDS = {
    Kind.ADDED: "新增",
    Kind.DELETED: "删除",
    Kind.CHANGED: "修改",
    Kind.BOLD: "加粗变化",
    Kind.MOVED: "移动",
    Kind.RENUMBERED: "编号变化",
}
_EXCERPT = 20


@dataclass(frozen=True)
class Item:
    """A changed paragraph; with it all that came or went under it, if it came or went itself."""

    changes: tuple[Change, ...]

    @property
    def cited(self) -> str:
        """Its place; empty in the header."""
        return self.changes[0].here.cited

    @property
    def words(self) -> str:
        """What happened: 修改、移动."""
        first = self.changes[0]
        also = "、移动" if first.moved and first.kind is not Kind.MOVED else ""
        return _WORDS[first.kind] + also

    @property
    def formerly(self) -> str:
        """Its place in the old version, if that was another: （原为三、5.）."""
        old = self.changes[0].old
        return f"（原为{old.cited}）" if old and old.cited != self.cited else ""

    @property
    def context(self) -> list[str]:
        """The clauses between the section and this one, shortened."""
        return [excerpt(one.text) for one in self.changes[0].above if one.level != SECTION]


@dataclass(frozen=True)
class Group:
    """A section, or what stands before the first. `renumbered` kept everything but its number."""

    heading: str
    items: tuple[Item, ...]
    renumbered: tuple[Change, ...]


def groups(comparison: Comparison) -> list[Group]:
    told = (change for change in comparison.changes if change.kind is not Kind.UNCHANGED)
    return [_group(heading, list(changes)) for heading, changes in groupby(told, key=_heading)]


def summary(comparison: Comparison) -> str:
    """How many clauses changed, and how."""
    counts: Counter[str] = Counter()
    for group in groups(comparison):
        counts.update(item.words for item in group.items if item.cited)
        counts.update(_WORDS[change.kind] for change in group.renumbered)
    if not counts:
        return "条款的文字、加粗和编号都没有变化。"
    said = "，".join(f"{words} {count} 处" for words, count in counts.items())
    rest = any(one.kind is Kind.UNCHANGED and one.here.cited for one in comparison.changes)
    return f"共有 {counts.total()} 处变化：{said}。" + ("其余条款没有变化。" if rest else "")


def relinked(comparison: Comparison) -> list[str]:
    return [
        f"“{link.text}”：由 {_targets(link.old)} 改为 {_targets(link.new)}"
        for link in comparison.relinked
    ]


def runs(change: Change) -> Iterator[tuple[Mark, list[Segment]]]:
    """The segments in runs of one mark: what was deleted, bold or not, is one deletion."""
    for mark, run in groupby(change.segments, key=attrgetter("mark")):
        yield mark, list(run)


def excerpt(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _EXCERPT else text[: _EXCERPT - 1].rstrip() + "…"


def _targets(targets: tuple[str, ...]) -> str:
    return "、".join("网站设置的链接" if one == SETTING else one for one in targets) or "没有链接"


def _heading(change: Change) -> str:
    if change.here.clause_id == HEAD:
        return "标题、日期与版本"
    section = (*change.above, change.here)[0]
    return section.text if section.level == SECTION else "开头部分"


def _group(heading: str, changes: list[Change]) -> Group:
    renumbered = tuple(one for one in changes if one.kind is Kind.RENUMBERED)
    items: list[list[Change]] = []
    for change in changes:
        if items and _goes_with(items[-1], change):
            items[-1].append(change)
        elif change.kind is not Kind.RENUMBERED:
            items.append([change])
    return Group(heading, tuple(Item(tuple(item)) for item in items), renumbered)


def _goes_with(item: list[Change], change: Change) -> bool:
    whole = change.kind in (Kind.ADDED, Kind.DELETED) and change.kind is item[0].kind
    return whole and any(one.here == change.above[-1] for one in item if change.above)
