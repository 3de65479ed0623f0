"""What to delete and insert to make one text of another, in pieces that a person can read.

By characters alone, two sentences seem to share every 的 that stands in both. So phrases that
stayed are found first and characters only between them, figures and Latin words stay whole, and
a short remainder between two changes belongs to the change.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

_PHRASE = re.compile(r"[^，、；：。！？\n]*[，、；：。！？\n]|[^，、；：。！？\n]+")
_CHARACTER = re.compile(r"[0-9A-Za-z]+(?:[-.:/][0-9A-Za-z]+)*|.", re.DOTALL)

_REMAINDER = 4
"""Up to so many letters, between changes no smaller, are no sign that the words there stayed."""


class Edit(NamedTuple):
    """A change, of which either part may be empty, and the text kept after it."""

    deleted: str
    inserted: str
    kept: str


def edits(old: str, new: str) -> list[Edit]:
    """In order; `deleted + kept` of all is `old`, `inserted + kept` of all is `new`."""
    phrases = _matched(_PHRASE.findall(old), _PHRASE.findall(new))
    return _readable(piece for phrase in phrases for piece in _by_character(phrase))


def _by_character(phrase: Edit) -> Iterator[Edit]:
    if phrase.deleted and phrase.inserted:
        characters = _CHARACTER.findall(phrase.deleted), _CHARACTER.findall(phrase.inserted)
        yield from _matched(*characters)
        yield Edit("", "", phrase.kept)
    else:
        yield phrase


def _matched(old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    here = there = 0
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for before, after, size in matcher.get_matching_blocks():
        parts = old[here:before], new[there:after], old[before : before + size]
        yield Edit(*("".join(part) for part in parts))
        here, there = before + size, after + size


def _readable(pieces: Iterable[Edit]) -> list[Edit]:
    """Joins what touches, and changes that only a remainder keeps apart."""
    found: list[Edit] = []
    for piece in pieces:
        found.append(piece)
        while len(found) > 1 and (joined := _joined(*found[-2:])):
            found[-2:] = [joined]
    return found


def _joined(before: Edit, after: Edit) -> Edit | None:
    if not (after.deleted or after.inserted):
        return before._replace(kept=before.kept + after.kept)
    if before.kept and not _is_remainder(before, after):
        return None
    deleted = before.deleted + before.kept + after.deleted
    inserted = before.inserted + before.kept + after.inserted
    return Edit(deleted, inserted, after.kept)


def _is_remainder(before: Edit, after: Edit) -> bool:
    """What stays after `before` is little, and the two would neither only delete nor insert."""
    letters = sum(character.isalnum() for character in before.kept)
    deletes, inserts = before.deleted or after.deleted, before.inserted or after.inserted
    smaller = min(_size(before), _size(after))
    return bool(smaller and deletes and inserts) and letters <= min(smaller, _REMAINDER)


def _size(change: Edit) -> int:
    return max(len(change.deleted), len(change.inserted))
