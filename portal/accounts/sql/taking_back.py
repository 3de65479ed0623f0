"""Undoing what was handed over (二.3.2).

A reservation is dropped; what came out of the pool goes back to it while it is unused.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, select, update

from portal.accounts.sample.schema.account import ACTIVE
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.estates import OFFLINE, OWNERS, SEALED, TABLES, UNDO, Source
from portal.accounts.sql.handing import found_by
from portal.accounts.system import Left, Share

_HEIR = book.heir.c


def take_back(
    connection: Connection, source: Source, shares: Sequence[Share], by: str
) -> dict[Share, int]:
    """``by`` is the heir, or (empty) anybody who hands over. The source is locked. Answers the
    rows of each share that went back."""
    back = {share: _take_back(connection, source, share, by) for share in shares}
    return {share: rows for share, rows in back.items() if rows}


def _take_back(connection: Connection, source: Source, share: Share, by: str) -> int:
    kind, table = share.kind, TABLES[share.kind]
    here = (found_by(share), table.c.company_id == source.company_id)
    noted = _HEIR.row.in_(select(table.c.id).where(*here)) & (_HEIR.table == table.name)
    noted &= _HEIR.closure.is_not_distinct_from(source.closure)
    if by:
        noted &= _HEIR.to_id == by
    if source.closure:
        return connection.execute(delete(book.heir).where(noted)).rowcount
    lately = select(book.heir).where(noted, _HEIR.at > source.now - UNDO)
    return sum(_return(connection, kind, row) for row in connection.execute(lately).all())


def _return(connection: Connection, kind: Left, row: Row[Any]) -> int:
    """Back to the pool, unless it has been used."""
    table = TABLES[kind]
    unused = (table.c.id == row.row, OWNERS[kind] == row.to_id, *_unused(kind, row.quantity))
    returned = {OWNERS[kind].name: None, **_returned(kind, row.sealed_at)}
    done = connection.execute(update(table).where(*unused).values(returned)).rowcount
    if done:
        connection.execute(delete(book.heir).where(_HEIR.id == row.id))
    return done


def forget(connection: Connection, now: datetime) -> None:
    """Who got what out of the pool, once it can't be undone any more."""
    connection.execute(delete(book.heir).where(_HEIR.closure.is_(None), _HEIR.at <= now - UNDO))


def _unused(kind: Left, quantity: int | None) -> tuple[ColumnElement[bool], ...]:
    match kind:
        case Left.JOB:
            return (job.c.status == OFFLINE,)
        case Left.ENTITLEMENT:
            return (entitlement.c.status == ACTIVE, entitlement.c.quantity == quantity)
    return ()


def _returned(kind: Left, sealed_at: Any) -> dict[str, Any]:
    match kind:
        case Left.JOB:
            return {}
        case Left.ENTITLEMENT:
            return {"status": SEALED, "sealed_at": sealed_at}
    return {"sealed_at": sealed_at}
