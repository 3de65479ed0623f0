"""Reading the ledger in its order, however long it is: page by page, each in a transaction of its
own, so that memory stays flat and no writer waits. What is read can't change any more.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.store.engine import Store
from portal.store.tables import Event

_PAGE = 1000
_BEFORE_ALL, _AFTER_ALL = -(2**63), 2**63 - 1
UNREADABLE = (ValueError, TypeError, ArithmeticError, RecursionError)
"""What a value raises that the column can't hold; SQLite lets its owner put anything anywhere."""

AnyRow = Row[*tuple[Any, ...]]
Columns = Sequence[InstrumentedAttribute[Any]]


class UnreadableEventError(Exception):
    """What stands at this place of the ledger was never written by the portal."""

    def __init__(self, seq: int) -> None:
        super().__init__(f"event {seq}")
        self.seq = seq


def pages(
    store: Store, columns: Columns, first: int = _BEFORE_ALL + 1, last: int = _AFTER_ALL
) -> Iterator[Sequence[AnyRow]]:
    """The events from ``first`` to ``last``; the first column is the sequence number.

    Raises UnreadableEventError, once everything before it was handed out.
    """
    after, size = first - 1, _PAGE
    while True:
        query = select(*columns).where(Event.seq > after, Event.seq <= last).order_by(Event.seq)
        try:
            with store.begin() as session:
                rows = session.execute(query.limit(size)).all()
        except UNREADABLE:
            if size == 1:
                raise UnreadableEventError(_next_seq(store, after)) from None
            size = 1
            continue
        if not rows:
            return
        yield rows
        after = rows[-1][0]


def _next_seq(store: Store, after: int) -> int:
    with store.begin() as session:
        query = select(Event.seq).where(Event.seq > after).order_by(Event.seq).limit(1)
        return session.scalars(query).one()
