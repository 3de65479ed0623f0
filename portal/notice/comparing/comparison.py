"""Compares two versions of the notice, paragraph by paragraph."""

from collections.abc import Iterator, Sequence
from operator import itemgetter

from portal.notice.comparing.aligning import align, moved
from portal.notice.comparing.changes import Change, Comparison, Kind, Relinked
from portal.notice.comparing.paragraphs import Paragraph, paragraphs_of
from portal.notice.comparing.segments import Mark, Segment, segments
from portal.notice.reading import Notice


def compare(old: Notice, new: Notice) -> Comparison:
    changes = _Comparing(paragraphs_of(old), paragraphs_of(new)).changes()
    return Comparison(old.version, new.version, changes, tuple(_relinked(old, new)))


class _Comparing:
    def __init__(self, old: Sequence[Paragraph], new: Sequence[Paragraph]) -> None:
        self._old, self._new = old, new
        self._pairs = align(old, new)
        self._moved = moved(old, new, self._pairs)
        self._ends = _ends(new)

    def changes(self) -> tuple[Change, ...]:
        was = {after: self._old[before] for before, after in self._pairs.items()}
        present = [((p.position, 0, 0), self._present(was.get(p.position), p)) for p in self._new]
        deleted = [
            ((self._predecessor(one), 1, one.position), self._deleted(one))
            for one in self._old
            if one.position not in self._pairs
        ]
        return tuple(change for _, change in sorted(present + deleted, key=itemgetter(0)))

    def _present(self, old: Paragraph | None, new: Paragraph) -> Change:
        runs, has_moved = segments(old, new), new.position in self._moved
        kind = _kind(old, new, runs, has_moved)
        return Change(kind, has_moved, old, new, new, self._above(new, self._new), runs)

    def _deleted(self, old: Paragraph) -> Change:
        above = self._above(old, self._old)
        return Change(Kind.DELETED, False, old, None, old, above, segments(old, None))

    def _above(self, one: Paragraph, version: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
        if one.parent is None:
            return ()
        if version is self._old and one.parent in self._pairs:
            version, parent = self._new, self._new[self._pairs[one.parent]]
        else:
            parent = version[one.parent]
        return (*self._above(parent, version), parent)

    def _predecessor(self, deleted: Paragraph) -> int:
        """The new position after which it would stand: what it stood in, or the end of the last
        clause before it there that is still in its place."""
        places = []
        if deleted.parent is not None:
            if deleted.parent not in self._pairs:
                return self._predecessor(self._old[deleted.parent])
            places.append(self._pairs[deleted.parent])
        for one in self._old[: deleted.position]:
            after = self._pairs.get(one.position)
            if one.parent == deleted.parent and after is not None and after not in self._moved:
                places.append(self._ends[after])
        return max(places)


def _kind(old: Paragraph | None, new: Paragraph, runs: Sequence[Segment], has_moved: bool) -> Kind:
    if not old:
        return Kind.ADDED
    if old.words != new.words:
        return Kind.CHANGED
    if any(run.mark in (Mark.BOLDED, Mark.UNBOLDED) for run in runs):
        return Kind.BOLD
    if has_moved:
        return Kind.MOVED
    return Kind.UNCHANGED if old.number == new.number else Kind.RENUMBERED


def _ends(version: Sequence[Paragraph]) -> list[int]:
    """For each position the last one that stands under it."""
    ends = list(range(len(version)))
    for one in reversed(version):
        if one.parent is not None:
            ends[one.parent] = max(ends[one.parent], ends[one.position])
    return ends


def _relinked(old: Notice, new: Notice) -> Iterator[Relinked]:
    for text in dict.fromkeys(link.text for link in (*old.links, *new.links)):
        targets = [
            tuple(link.target for link in notice.links if link.text == text)
            for notice in (old, new)
        ]
        if targets[0] != targets[1]:
            yield Relinked(text, *targets)
