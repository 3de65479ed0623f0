"""Recomputing the whole ledger and holding it against the witness folder.

Each event is hashed again and compared with the leaf that was written down when it was anchored,
the leaves with the root of their signed head, the heads with one another and with the database's
copy. Everything streams: memory does not grow with the events.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select

from portal.evidence.comparing import BadEventError, Events, Leaves, compare, tail
from portal.evidence.heads import BadHeadError, Head, HeadKind, chained
from portal.evidence.stream import UNREADABLE
from portal.evidence.witness import Witness
from portal.store.engine import Store
from portal.store.tables import Anchor


@dataclass
class Report:
    """What was found; the first bad head and the first bad event, None where all is well."""

    heads: int = 0
    superseded: int = 0
    """Heads that a restored backup no longer had."""
    events: int = 0
    """Hashed again, the tail among them."""
    tail: int = 0
    """Not yet anchored: nothing would show that one of them was taken away."""
    bad_head: BadHeadError | None = None
    bad_event: BadEventError | None = None

    @property
    def good(self) -> bool:
        return self.bad_head is None and self.bad_event is None


def verify(store: Store, witness: Witness, key: Ed25519PublicKey) -> Report:
    """Raises OSError where the witness folder can't be read."""
    report = Report()
    live = _live(*_follow(witness, key, report))
    report.superseded = report.heads - sum(map(len, live))
    events, leaves = Events(store), Leaves(witness.leaves)
    try:
        for head in _heads(witness, live):
            _note(report, _difference_of_copy(store, head))
            if head.kind is HeadKind.EVENTS:
                compare(head, leaves, events)
        if report.bad_head is None:
            _note(report, _difference_of_numbers(store, witness, report.heads, live))
            report.tail = tail(events)
    except BadHeadError as bad:
        _note(report, bad)
    except BadEventError as bad:
        report.bad_event = bad
    report.events = events.taken
    return report


def _note(report: Report, bad: BadHeadError | None) -> None:
    report.bad_head = report.bad_head or bad


def _follow(witness: Witness, key: Ed25519PublicKey, report: Report) -> tuple[int, dict[int, int]]:
    """Count the good heads of the file; answer that, and which restored ones keep what."""
    kept: dict[int, int] = {}
    try:
        for head in chained(witness.heads, key):
            report.heads += 1
            if head.kind is HeadKind.RESTORED:
                kept[head.number] = head.keeps
    except BadHeadError as bad:
        report.bad_head = bad
    return report.heads, kept


def _live(last: int, kept: Mapping[int, int]) -> list[range]:
    """The numbers of the heads that no restored backup superseded, in their order."""
    live: list[range] = []
    for number in sorted(kept, reverse=True):
        if number <= last:
            live.insert(0, range(number, last + 1))
            last = kept[number]
    return [range(1, last + 1), *live]


def _heads(witness: Witness, live: Iterable[range]) -> Iterator[Head]:
    for number, line in enumerate(witness.heads, 1):
        if any(number in some for some in live):
            yield Head.of_line(line)


def _difference_of_copy(store: Store, head: Head) -> BadHeadError | None:
    try:
        with store.begin() as session:
            row = session.get(Anchor, head.number)
    except UNREADABLE:
        return BadHeadError(head.number, "the database has another one")
    if row is None:
        return BadHeadError(head.number, "the database lacks it")
    copy = (row.head, row.at.isoformat(), row.first_seq, row.last_seq)
    if copy != (head.line.encode(), head.at, head.first_seq, head.last_seq):
        return BadHeadError(head.number, "the database has another one")
    return None


def _difference_of_numbers(
    store: Store, witness: Witness, seen: int, live: Iterable[range]
) -> BadHeadError | None:
    """A head that only the database has. Heads may have come since the file was read, and one
    may be on its way into it."""
    with store.begin() as session:
        numbers = session.scalars(select(Anchor.number).order_by(Anchor.number)).all()
    last = witness.heads.last()
    coming = range(seen + 1, (Head.of_line(last).number if last else 0) + 2)
    for number in numbers:
        if not any(number in some for some in (*live, coming)):
            return BadHeadError(number, "the witness folder lacks it")
    return None
