"""Which paragraph of the old version became which of the new one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from portal.notice.comparing.likeness import alike, shingles
from portal.notice.comparing.paragraphs import Paragraph
from portal.notice.reading import HEAD

_ALIKE_IN_PLACE, _ALIKE_ELSEWHERE = 0.5, 0.6
"""The least likeness, among siblings and in the whole notice, of what counts as kept."""

_SAME_NUMBER = 0.1
"""What the same printed number adds to the likeness of two paragraphs."""

Pairs = dict[int, int]
"""From positions in the old version to positions in the new one."""


def align(old: Sequence[Paragraph], new: Sequence[Paragraph]) -> Pairs:
    """Pairs what is the same or alike, in this order:

    1. the header lines, by their names;
    2. from the sections down, siblings of the same words, first with all that stands under them,
       then without it, then those that are alike;
    3. what is left anywhere in the notice: it has moved;
    4. what is left under the same number of the same clause: it was written anew.
    """
    alignment = _Alignment(_Version(old), _Version(new))
    alignment.pair_head()
    alignment.pair_siblings(None, None)
    alignment.pair_elsewhere()
    alignment.pair_same_numbers()
    return alignment.pairs


def moved(old: Sequence[Paragraph], new: Sequence[Paragraph], pairs: Pairs) -> frozenset[int]:
    """The new positions of what left its parent, or its place among those that stayed there."""
    families: dict[int | None, list[int]] = defaultdict(list)
    for before, after in sorted(pairs.items(), key=lambda pair: pair[1]):
        if _keeps_parent(old[before], new[after], pairs):
            families[new[after].parent].append(before)
    in_place = {pairs[before] for family in families.values() for before in _rising(family)}
    return frozenset(p for p in pairs.values() if p not in in_place and new[p].clause_id != HEAD)


class _Version:
    """A version's paragraphs by parent, each with all the words that stand under it."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.paragraphs = paragraphs
        self.children: dict[int | None, list[int]] = defaultdict(list)
        self.words = [one.words for one in paragraphs]
        self.whole = list(self.words)
        for one in paragraphs:
            self.children[one.parent].append(one.position)
        for one in reversed(paragraphs):
            if one.parent is not None:
                self.whole[one.parent] += "\n" + self.whole[one.position]
        self.shingles = [shingles(whole) for whole in self.whole]


class _Alignment:
    def __init__(self, old: _Version, new: _Version) -> None:
        self.pairs: Pairs = {}
        self._old, self._new = old, new
        self._taken: set[int] = set()

    def pair_head(self) -> None:
        for before, after in zip(_head(self._old), _head(self._new), strict=True):
            self._pair(before, after)

    def pair_siblings(self, old_parent: int | None, new_parent: int | None) -> None:
        old, new = self._old.children[old_parent], self._new.children[new_parent]
        self._pair_equal(old, new, self._old.whole, self._new.whole)
        self._pair_equal(old, new, self._old.words, self._new.words)
        self._pair_alike(old, new, _ALIKE_IN_PLACE)

    def pair_elsewhere(self) -> None:
        self._pair_alike(range(len(self._old.whole)), range(len(self._new.whole)), _ALIKE_ELSEWHERE)

    def pair_same_numbers(self) -> None:
        old, new = self._left(range(len(self._old.whole)), range(len(self._new.whole)))
        for before in old:
            one = self._old.paragraphs[before]
            for after in new if one.number else ():
                other = self._new.paragraphs[after]
                if one.number == other.number and _keeps_parent(one, other, self.pairs):
                    self._pair_if_free(before, after)

    def _pair(self, before: int, after: int) -> None:
        self.pairs[before] = after
        self._taken.add(after)
        self.pair_siblings(before, after)

    def _pair_if_free(self, before: int, after: int) -> None:
        if before not in self.pairs and after not in self._taken:
            self._pair(before, after)

    def _pair_equal(
        self,
        old: Iterable[int],
        new: Iterable[int],
        old_words: Sequence[str],
        new_words: Sequence[str],
    ) -> None:
        """In the order in which they stand, so that of many equal ones each keeps its place."""
        old, new = self._left(old, new)
        words = [old_words[p] for p in old], [new_words[p] for p in new]
        matcher = SequenceMatcher(None, *words, autojunk=False)
        for here, there, size in matcher.get_matching_blocks():
            for step in range(size):
                self._pair(old[here + step], new[there + step])

    def _pair_alike(self, old: Iterable[int], new: Iterable[int], least: float) -> None:
        old, new = self._left(old, new)
        found = alike(
            {p: self._old.shingles[p] for p in old}, {p: self._new.shingles[p] for p in new}, least
        )
        for _, before, after in sorted(self._preferred(*one) for one in found):
            self._pair_if_free(before, after)

    def _preferred(self, share: float, before: int, after: int) -> tuple[float, int, int]:
        """The better, the smaller."""
        same = self._old.paragraphs[before].number == self._new.paragraphs[after].number
        return -share - _SAME_NUMBER * same, before, after

    def _left(self, old: Iterable[int], new: Iterable[int]) -> tuple[list[int], list[int]]:
        return [p for p in old if p not in self.pairs], [p for p in new if p not in self._taken]


def _head(version: _Version) -> list[int]:
    """The title, then the header lines in an order that every version has."""
    head = [one for one in version.paragraphs if one.clause_id == HEAD]
    return [one.position for one in sorted(head, key=lambda one: one.number)]


def _keeps_parent(old: Paragraph, new: Paragraph, pairs: Pairs) -> bool:
    if old.parent is None:
        return new.parent is None
    return old.parent in pairs and pairs[old.parent] == new.parent


def _rising(positions: Sequence[int]) -> list[int]:
    """The longest rising subsequence (patience sorting)."""
    ends: list[int] = []
    chains: list[list[int]] = []
    for position in positions:
        at = bisect_left(ends, position)
        chain = [*(chains[at - 1] if at else []), position]
        ends[at : at + 1], chains[at : at + 1] = [position], [chain]
    return chains[-1] if chains else []
