"""How alike two texts are, at a cost that grows with their length only."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

Shingles = frozenset[str]
"""The pairs of neighbouring characters of a text, which in Chinese are nearly its words."""


def shingles(text: str) -> Shingles:
    return frozenset(text[at : at + 2] for at in range(len(text) - 1)) or frozenset([text])


def likeness(old: Shingles, new: Shingles) -> float:
    """The share of common pairs, 0 to 1 (Sørensen and Dice)."""
    return _share(len(old & new), old, new)


def alike(
    old: Mapping[int, Shingles], new: Mapping[int, Shingles], least: float
) -> Iterator[tuple[float, int, int]]:
    """Every likeness of at least `least`, with its two keys. Texts that share nothing, which
    most do, are never looked at."""
    having: dict[str, list[int]] = defaultdict(list)
    for after, pairs in new.items():
        for pair in pairs:
            having[pair].append(after)
    for before, pairs in old.items():
        common = Counter(after for pair in pairs for after in having.get(pair, ()))
        for after, count in common.items():
            share = _share(count, pairs, new[after])
            if share >= least:
                yield share, before, after


def _share(common: int, old: Shingles, new: Shingles) -> float:
    return 2 * common / (len(old) + len(new))
