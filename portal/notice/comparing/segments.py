"""A paragraph before and after, as runs of words that stayed, went, came or changed weight."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from portal.notice.comparing.edits import Edit, edits
from portal.notice.comparing.paragraphs import Paragraph


class Mark(StrEnum):
    EQUAL = "equal"
    INSERT = "insert"
    DELETE = "delete"
    BOLDED = "bolded"
    UNBOLDED = "unbolded"


@dataclass(frozen=True)
class Segment:
    """`bold` as in the new version, of deleted words as in the old one."""

    mark: Mark
    text: str
    bold: bool


def segments(old: Paragraph | None, new: Paragraph | None) -> tuple[Segment, ...]:
    """Without what is inserted they are the old text, without what is deleted the new one."""
    runs = groupby(_characters(old, new), key=itemgetter(0, 1))
    return tuple(
        Segment(mark, "".join(map(itemgetter(2), run)), bold) for (mark, bold), run in runs
    )


def _characters(old: Paragraph | None, new: Paragraph | None) -> Iterator[tuple[Mark, bool, str]]:
    before, after = iter(old.bold if old else b""), iter(new.bold if new else b"")
    for deleted, inserted, kept in _edits(old, new):
        for character in deleted:
            yield Mark.DELETE, bool(next(before)), character
        for character in inserted:
            yield Mark.INSERT, bool(next(after)), character
        for character in kept:
            was, now = bool(next(before)), bool(next(after))
            yield _weight(was, now), now, character


def _weight(was: bool, now: bool) -> Mark:
    if was == now:
        return Mark.EQUAL
    return Mark.BOLDED if now else Mark.UNBOLDED


def _edits(old: Paragraph | None, new: Paragraph | None) -> list[Edit]:
    """A number is replaced as a whole."""
    if not old or not new:
        return [Edit(old.text if old else "", new.text if new else "", "")]
    if old.number == new.number:
        number = Edit("", "", new.number)
    else:
        number = Edit(old.number, new.number, "")
    return [number, *edits(old.words, new.words)]
