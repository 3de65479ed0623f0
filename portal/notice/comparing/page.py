"""A comparison as HTML for the page that shows it, which brings the h1."""

from collections.abc import Iterable, Iterator
from html import escape

from portal.notice.comparing.changes import Change, Comparison
from portal.notice.comparing.paragraphs import Paragraph
from portal.notice.comparing.report import Group, Item, excerpt, groups, relinked, runs, summary
from portal.notice.comparing.segments import Mark, Segment

_MARKS = {
    Mark.EQUAL: "{}",
    Mark.INSERT: (
        '<ins><span class="spoken">〔新增：</span>{}<span class="spoken">新增完〕</span></ins>'
    ),
    Mark.DELETE: (
        '<del><span class="spoken">〔删除：</span>{}<span class="spoken">删除完〕</span></del>'
    ),
    Mark.BOLDED: (
        '<span class="reweighed"><span class="spoken">〔加粗变化：</span>{}</span>'
        '<small class="weight">〔改为加粗〕</small>'
    ),
    Mark.UNBOLDED: (
        '<span class="reweighed"><span class="spoken">〔加粗变化：</span>{}</span>'
        '<small class="weight">〔取消加粗〕</small>'
    ),
}
"""Each change also in words, for whoever hears the page."""


def render_changes(comparison: Comparison, root: str = "") -> str:
    """Each changed clause under its section, with links to it in both versions.

    ``root`` is what the addresses of this language's pages begin with.
    """
    return "\n".join(_Page(comparison, root).lines())


class _Page:
    def __init__(self, comparison: Comparison, root: str) -> None:
        self._comparison, self._root = comparison, root

    def lines(self) -> Iterator[str]:
        yield f"<p>{escape(summary(self._comparison))}</p>"
        for group in groups(self._comparison):
            yield from self._group(group)
        if links := relinked(self._comparison):
            yield "<h2>链接变化</h2>"
            yield from _listed(map(escape, links))

    def _group(self, group: Group) -> Iterator[str]:
        yield f"<h2>{escape(group.heading)}</h2>"
        for item in group.items:
            yield from self._item(item)
        if group.renumbered:
            yield "<h3>编号变化</h3>"
            yield from _listed(self._renumbered(change) for change in group.renumbered)

    def _item(self, item: Item) -> Iterator[str]:
        if item.cited:
            kind = f'<span class="kind">{item.words}{escape(item.formerly)}</span>'
            yield f"<h3>{escape(item.cited)} {kind}</h3>"
        for context in item.context:
            yield f'<p class="caption">{escape(context)}</p>'
        for change in item.changes:
            yield _paragraph(change)
        if item.cited:
            yield f'<p class="small">查看原文：{"，".join(self._links(item.changes[0]))}</p>'

    def _renumbered(self, change: Change) -> str:
        return f"“{escape(excerpt(change.here.words))}”：{' 改为 '.join(self._links(change))}"

    def _links(self, change: Change) -> list[str]:
        versions = self._comparison.old_version, self._comparison.new_version
        places = zip(versions, (change.old, change.new), strict=True)
        return [self._link(version, place) for version, place in places if place]

    def _link(self, version: str, place: Paragraph) -> str:
        target = escape(f"{self._root}/notices/{version}#{place.clause_id}")
        return f'<a href="{target}">{escape(f"{version} {place.cited}")}</a>'


def _paragraph(change: Change) -> str:
    return f'<p class="changed">{"".join(_run(*run) for run in runs(change))}</p>'


def _run(mark: Mark, run: list[Segment]) -> str:
    words = "".join(map(_words, run))
    if mark is not Mark.EQUAL and not "".join(one.text for one in run).strip():
        words += '<span class="spoken">空格</span>'
    return _MARKS[mark].format(words)


def _words(segment: Segment) -> str:
    words = escape(segment.text, quote=False)
    return f"<strong>{words}</strong>" if segment.bold else words


def _listed(items: Iterable[str]) -> Iterator[str]:
    yield "<ul>"
    yield from (f"<li>{item}</li>" for item in items)
    yield "</ul>"
