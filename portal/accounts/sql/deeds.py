"""What was handed over and not told to the portal's ledger yet (二.3.2).

Noted in the transaction that does it, and forgotten once the ledger has it: so an effect can't be
without its event, however the process ends that was to tell of it.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import Deed, Did, Share

_MOST = 500


def note(
    connection: Connection, closure: str | None, did: Did, shares: Sequence[Share], now: datetime
) -> None:
    """Nothing where there is nothing to tell of."""
    if shares:
        counts = dict(Counter(str(share.kind) for share in shares))
        deed = {"id": uuid.uuid4().hex, "closure": closure, "did": did, "counts": counts, "at": now}
        connection.execute(insert(book.deed).values(deed))


def untold(connection: Connection) -> tuple[Deed, ...]:
    """The oldest of them."""
    oldest = select(book.deed).order_by(book.deed.c.at, book.deed.c.id).limit(_MOST)
    return tuple(
        Deed(row.id, row.closure, Did(row.did), row.counts, row.at)
        for row in connection.execute(oldest)
    )


def told(connection: Connection, ids: Sequence[str]) -> None:
    connection.execute(delete(book.deed).where(book.deed.c.id.in_(ids)))
