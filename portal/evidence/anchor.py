"""Signing heads over what is new in the ledger, and putting them where the database can't reach.

The row comes first, its line in the witness folder after the commit: a crash between the two
leaves a head that the next run puts there. No file is written inside a transaction.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.clock import Clock
from portal.evidence.heads import NOTHING_BEFORE, Head, HeadKind, leaf
from portal.evidence.stream import pages
from portal.evidence.tree import Tree
from portal.evidence.witness import Witness
from portal.store.engine import Store
from portal.store.tables import Anchor, Event
from portal.store.vault import Vault

_WRITERS = 2053925217
"""What every writer of events holds until its commit (migration 0002)."""

MOST = 4096
"""Events under one head: whoever wants the proof of one of them has to read them all."""


class DatabaseBehindError(Exception):
    """The witness folder knows heads that the database does not: a backup was restored."""


class WitnessBehindError(Exception):
    """The database knows heads that the witness folder lost: the wrong folder, or its loss."""


def anchor(
    store: Store, vault: Vault, witness: Witness, clock: Clock, *, refill: bool = False
) -> list[Head]:
    """Sign heads over every event that is new, as many as it takes. Costs what is new.

    ``refill`` lets the witness folder lack more than the one head that a crash can keep from it.
    Raises DatabaseBehindError, WitnessBehindError, OSError, and OperationalError where a writer
    stays open for too long; each of them leaves what can be tried again.
    """
    with witness.alone():
        with store.begin() as session:
            if is_behind(session, witness):
                raise DatabaseBehindError
            newest, last_seq = _newest(session), _highest(session)
        _catch_up(store, witness, refill)
        first_seq, keeps = (newest.last_seq + 1, newest.number) if newest else (1, 0)
        heads: list[Head] = []
        while first_seq <= last_seq:
            covered = range(first_seq, _cut(store, first_seq, last_seq) + 1)
            head = _add(store, vault, witness, clock(), HeadKind.EVENTS, keeps, covered)
            first_seq, keeps = covered.stop, head.number
            heads.append(head)
        return heads


def mark_restored(store: Store, vault: Vault, witness: Witness, clock: Clock) -> Head | None:
    """After a backup was restored and all that follows from it was done: say which heads the
    database still has, and let signing go on. None where the database is not behind.

    Raises OSError.
    """
    with witness.alone():
        with store.begin() as session:
            if not is_behind(session, witness):
                return None
            newest = _newest(session)
        first_seq, keeps = (newest.last_seq + 1, newest.number) if newest else (1, 0)
        nothing = range(first_seq, first_seq)
        return _add(store, vault, witness, clock(), HeadKind.RESTORED, keeps, nothing)


def is_behind(session: Session, witness: Witness) -> bool:
    """Whether the witness folder knows a head that the database does not. Costs two look-ups.

    Raises OSError, and ValueError for a file that does not end with a head.
    """
    last = _last(witness)
    if last is None:
        return False
    known = session.get(Anchor, last.number)
    return known is None or known.head != last.line.encode()


def _last(witness: Witness) -> Head | None:
    line = witness.heads.last()
    return Head.of_line(line) if line else None


def _newest(session: Session) -> Anchor | None:
    return session.scalar(select(Anchor).order_by(Anchor.number.desc()).limit(1))


def _highest(session: Session) -> int:
    """The highest sequence number, sure that none below it can still appear."""
    if session.get_bind().dialect.name == "postgresql":
        # Writers queue up behind this one: not for long, and for less than deadlock_timeout.
        session.execute(text("SET LOCAL lock_timeout = '500ms'"))
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
    return session.scalar(select(func.max(Event.seq))) or 0


def _cut(store: Store, first_seq: int, last_seq: int) -> int:
    """The last sequence number under the head that begins here; numbers may be missing."""
    there = select(Event.seq).where(Event.seq.between(first_seq, last_seq)).order_by(Event.seq)
    with store.begin() as session:
        return session.scalar(there.offset(MOST - 1).limit(1)) or last_seq


def _add(
    store: Store,
    vault: Vault,
    witness: Witness,
    at: datetime,
    kind: HeadKind,
    keeps: int,
    covered: range,
) -> Head:
    """The primary key decides, should two ever come here with the same number."""
    tree = Tree(hashed for rows in _leaves(store, covered) for _, hashed in rows)
    before = _last(witness)
    head = Head.signed(
        vault.signing_key,
        number=before.number + 1 if before else 1,
        kind=kind,
        at=at.isoformat(),
        first_seq=covered.start,
        last_seq=covered.stop - 1,
        count=tree.size,
        root=tree.root.hex(),
        previous=before.digest if before else NOTHING_BEFORE,
        keeps=keeps,
    )
    row = Anchor(
        number=head.number,
        at=at,
        first_seq=head.first_seq,
        last_seq=head.last_seq,
        head=head.line.encode(),
    )
    with store.begin() as session:
        session.add(row)
    _publish(store, witness, row)
    return head


def _catch_up(store: Store, witness: Witness, refill: bool) -> None:
    """Put into the folder what it lacks. Raises WitnessBehindError."""
    last = _last(witness)
    known = last.number if last else 0
    newer = select(Anchor).where(Anchor.number > known).order_by(Anchor.number)
    with store.begin() as session:
        lacking = session.scalars(newer).all()
    numbers = [row.number for row in lacking]
    most = len(numbers) if refill else 1
    # Superseded heads are in the folder only: what followed them can't stand without them.
    if len(numbers) > most or numbers != list(range(known + 1, known + 1 + len(numbers))):
        raise WitnessBehindError
    for row in lacking:
        _publish(store, witness, row)


def _publish(store: Store, witness: Witness, row: Anchor) -> None:
    """First the leaves, then the head that makes them count."""

    def older(line: str) -> bool:
        return int(line.split(" ", 1)[0]) < row.number

    last = witness.leaves.last()
    if last is not None and not older(last):
        # A crash left leaves without their head.
        witness.leaves.keep(older)
    for rows in _leaves(store, range(row.first_seq, row.last_seq + 1)):
        witness.leaves.add(*(f"{row.number} {seq} {hashed.hex()}" for seq, hashed in rows))
    witness.heads.add(row.head.decode())


def _leaves(store: Store, covered: range) -> Iterator[list[tuple[int, bytes]]]:
    """Sequence numbers and leaves of these events, page by page."""
    for rows in pages(store, (Event.seq, Event.hash), covered.start, covered.stop - 1):
        yield [(seq, leaf(seq, event_hash)) for seq, event_hash in rows]
