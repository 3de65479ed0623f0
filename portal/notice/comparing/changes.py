"""What a comparison of two versions says."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from portal.notice.comparing.paragraphs import Paragraph
from portal.notice.comparing.segments import Segment
from portal.notice.reading import HEAD


class Kind(StrEnum):
    """What became of a paragraph; where several things did, the first of these that fits."""

    ADDED = "added"
    DELETED = "deleted"
    CHANGED = "changed"
    BOLD = "bold"
    MOVED = "moved"
    RENUMBERED = "renumbered"
    UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Change:
    """A paragraph in both versions or in one; `here` is the new one, of a deleted one the old.

    `moved` says, whatever `kind` says, that it left its clause or its place in the order there;
    what goes along with its clause has not moved. `above` are the openings of the clauses that
    it stands in, outermost first: in the new version, as far as they are still there.
    """

    kind: Kind
    moved: bool
    old: Paragraph | None
    new: Paragraph | None
    here: Paragraph
    above: tuple[Paragraph, ...]
    segments: tuple[Segment, ...]


class Relinked(NamedTuple):
    """A text whose links lead elsewhere now: the targets in each version, none if no link."""

    text: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True)
class Comparison:
    """`changes` has every paragraph, unchanged ones too, in the order of the new version;
    deleted ones stand where they would be."""

    old_version: str
    new_version: str
    changes: tuple[Change, ...]
    relinked: tuple[Relinked, ...]


def changed_clause_ids(comparison: Comparison) -> frozenset[str]:
    """The clauses of the new version to read again. A new number alone is no reason to."""
    as_before = (Kind.UNCHANGED, Kind.RENUMBERED)
    return frozenset(
        change.new.clause_id
        for change in comparison.changes
        if change.new and change.new.clause_id != HEAD and change.kind not in as_before
    )
