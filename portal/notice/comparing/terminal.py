"""A comparison for the terminal, with the marks that wdiff made known."""

from collections.abc import Iterator

from portal.notice.comparing.changes import Change, Comparison
from portal.notice.comparing.report import Group, excerpt, groups, relinked, runs, summary
from portal.notice.comparing.segments import Mark

_MARKS = {
    Mark.EQUAL: "{}",
    Mark.INSERT: "{{+{}+}}",
    Mark.DELETE: "[-{}-]",
    Mark.BOLDED: "[*{}*]",
    Mark.UNBOLDED: "[/{}/]",
}
_LEGEND = "[-删除-]  {+新增+}  [*改为加粗*]  [/取消加粗/]"


def text(comparison: Comparison) -> str:
    return "\n".join(_lines(comparison))


def _lines(comparison: Comparison) -> Iterator[str]:
    yield f"{comparison.old_version} → {comparison.new_version}"
    yield summary(comparison)
    yield f"记号：{_LEGEND}"
    for group in groups(comparison):
        yield from ("", group.heading)
        yield from _group(group)
    if links := relinked(comparison):
        yield from ("", "链接变化", *links)


def _group(group: Group) -> Iterator[str]:
    for item in group.items:
        if item.cited:
            yield f"\n  {item.cited}　{item.words}{item.formerly}"
        yield from map(_paragraph, item.changes)
    for change in group.renumbered:
        places = " 改为 ".join(place.cited for place in (change.old, change.new) if place)
        yield f"\n  编号变化　“{excerpt(change.here.words)}”：{places}"


def _paragraph(change: Change) -> str:
    marked = (
        _MARKS[mark].format("".join(segment.text for segment in run)) for mark, run in runs(change)
    )
    return "  " + "".join(marked)
