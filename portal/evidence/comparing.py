"""Holding the events of the database against the leaves that were written down for them."""

from collections.abc import Iterable, Iterator
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

from portal.evidence.heads import BadHeadError, Head, leaf
from portal.evidence.ledger import event_hash
from portal.evidence.stream import AnyRow, UnreadableEventError, pages
from portal.evidence.tree import Tree
from portal.evidence.witness import Lines
from portal.store.engine import Store
from portal.store.tables import Event

_COLUMNS = (
    Event.seq,
    Event.id,
    Event.at,
    Event.journey_id,
    Event.kind,
    Event.actor,
    Event.facts,
    Event.evidence,
    Event.business,
    Event.hash,
)
Leaf = tuple[int, int, bytes]
"""A line of the leaves: the head's number, the event's, the leaf."""


class What(StrEnum):
    CHANGED = "changed"
    MISSING = "missing"
    INSERTED = "inserted"
    REORDERED = "reordered"


class BadEventError(Exception):
    """The event at this place is not what was written there."""

    def __init__(self, what: What, seq: int, event_id: str | None = None) -> None:
        super().__init__(f"event {seq} ({event_id or 'without id'}): {what}")
        self.what, self.seq, self.id = what, seq, event_id


class Events:
    """The events in their order, of which the next one can be looked at before it is taken."""

    def __init__(self, store: Store) -> None:
        self.taken = 0
        self._events = _hashed_again(store)
        self.next = next(self._events, None)

    def take(self) -> AnyRow | BadEventError | None:
        taken = self.next
        if taken is not None:
            self.taken += 1
            self.next = next(self._events, None)
        return taken


def _hashed_again(store: Store) -> Iterator[AnyRow | BadEventError]:
    """Every event; what is wrong with it in place of one that has another hash than it says."""
    try:
        for rows in pages(store, _COLUMNS):
            for row in rows:
                yield (
                    row if _hash(row) == row.hash else BadEventError(What.CHANGED, row.seq, row.id)
                )
    except UnreadableEventError as unreadable:
        yield BadEventError(What.CHANGED, unreadable.seq)


def _hash(row: AnyRow) -> str | None:
    try:
        return event_hash(row)
    except (ValueError, TypeError):
        return None


class Leaves:
    """The file of the leaves, read once from the first head to the last."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._blocks = groupby(self, key=itemgetter(0))

    def __iter__(self) -> Iterator[Leaf]:
        """A line that is none stands there as a leaf of no head."""
        for line in self._lines:
            try:
                head, seq, hashed = line.split(" ")
                yield int(head), int(seq), bytes.fromhex(hashed)
            except ValueError:
                yield 0, 0, b""

    def of(self, head: Head) -> Iterable[Leaf]:
        """The leaves of this head; those of heads before it are passed over."""
        for number, leaves in self._blocks:
            if number >= head.number:
                return leaves if number == head.number else ()
        return ()

    def have(self, event_hash: str) -> bool:
        """Whether this event was ever anchored, wherever it stood."""
        return any(leaf(seq, event_hash) == hashed for _, seq, hashed in self)


def compare(head: Head, leaves: Leaves, events: Events) -> None:
    """Hold the events of this head against its leaves, and the leaves against its root.

    Raises BadHeadError where the leaves are not those that were signed, else BadEventError for
    the first bad event.
    """
    tree, bad = Tree(), None
    for _, seq, hashed in leaves.of(head):
        tree.add(hashed)
        bad = bad or _difference(seq, hashed, events, leaves)
    if (tree.size, tree.root.hex()) != (head.count, head.root):
        raise BadHeadError(head.number, "its leaves are not those that were signed")
    if bad is None and events.next is not None and events.next.seq <= head.last_seq:
        bad = BadEventError(What.INSERTED, events.next.seq, events.next.id)
    if bad:
        raise bad


def _difference(seq: int, hashed: bytes, events: Events, leaves: Leaves) -> BadEventError | None:
    """What is wrong with the next event, where it is not the one that this leaf was made of."""
    event = events.next
    if event is None or event.seq > seq:
        return BadEventError(What.MISSING, seq)
    events.take()
    if event.seq < seq:
        return BadEventError(What.INSERTED, event.seq, event.id)
    if isinstance(event, BadEventError):
        return event
    if leaf(seq, event.hash) == hashed:
        return None
    what = What.REORDERED if leaves.have(event.hash) else What.CHANGED
    return BadEventError(what, seq, event.id)


def tail(events: Events) -> int:
    """How many events are left. Raises BadEventError."""
    left = 0
    while (event := events.take()) is not None:
        if isinstance(event, BadEventError):
            raise event
        left += 1
    return left
