"""What nobody has taken over by the end of its term (二.3.2): no longer the company's to assign,
and so of no use to anybody. The map says what becomes of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, func, literal, or_, select, update

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.calendar import end_of_term
from portal.accounts.sql.datamap import DataMap
from portal.accounts.sql.parts import Pool


def dispose(
    connection: Connection,
    datamap: DataMap,
    tables: Mapping[str, Table],
    now: datetime,
    bite: int,
) -> int:
    """Do a bite of what is over; answer how many rows it were."""
    done = 0
    for pool in datamap.pools:
        if done < bite:
            table = tables[pool.part.table]
            done += _dispose(connection, datamap, pool, table, now, bite - done)
    return done


def _dispose(
    connection: Connection, datamap: DataMap, pool: Pool, table: Table, now: datetime, bite: int
) -> int:
    over = (*_over(datamap, pool, table, now), *_not_done(pool, table))
    some = table.c.id.in_(select(table.c.id).where(*over).limit(bite))
    # Said again of the row itself: somebody may have got it a moment ago.
    if pool.emptied:
        emptying = update(table).where(some, *over).values(dict.fromkeys(pool.emptied))
        return connection.execute(emptying).rowcount
    return connection.execute(delete(table).where(some, *over)).rowcount


def _over(
    datamap: DataMap, pool: Pool, table: Table, now: datetime
) -> tuple[ColumnElement[bool], ...]:
    """A company's, nobody's in it, and since longer than the term."""
    works, since = datamap.succession, table.c[pool.since]
    # Rows of an erasure that is not checked yet wait: the check looks for them.
    begun = book.erasure.c.begun_at
    unchecked = select(func.min(begun)).where(book.erasure.c.checked_at.is_(None))
    return (
        table.c[pool.part.by].is_(None),
        table.c[works.company].is_not(None),
        since.is_not(None),
        end_of_term(since, works.months) <= now,
        since < func.coalesce(unchecked.scalar_subquery(), literal(now, begun.type)),
    )


def _not_done(pool: Pool, table: Table) -> tuple[ColumnElement[Any], ...]:
    if not pool.emptied:
        return ()
    return (or_(*(table.c[column].is_not(None) for column in pool.emptied)),)
