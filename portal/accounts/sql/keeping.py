"""Rows that a law says to keep: put away where business does not look, until their term is over.

PIPL 47: only stored and protected. Access is granted on one table instead of on each row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    Insert,
    String,
    cast,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.calendar import end_of_term
from portal.accounts.sql.parts import UNTOUCHED, Part
from portal.accounts.sql.rows import Action, Rows


class _Object(FunctionElement[Any]):
    """A JSON object of names and values in turn."""

    type = JSON()
    inherit_cache = True


@compiles(_Object, "sqlite")
def _sqlite(element: _Object, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_object({compiler.process(element.clauses, **how)})"


@compiles(_Object, "postgresql")
def _postgresql(element: _Object, compiler: SQLCompiler, **how: Any) -> str:
    return f"json_build_object({compiler.process(element.clauses, **how)})"


def putting_away(rows: Rows, action: Action, here: ColumnElement[bool]) -> Insert:
    """The statement that copies these rows, as far as the map keeps them, into the table of kept
    rows. It locks them: what is deleted next is what was copied."""
    part, table = action.part, rows.table(action.part)
    since = _since(rows, part)
    copied = select(
        book.CLOSURE,
        literal(action.name),
        cast(table.c.id, String),
        _content(rows, part),
        since,
        end_of_term(since, part.kind.months or 0),
    ).where(here)
    columns = ["closure", "step", "key", "content", "since", "ends_at"]
    putting = insert(book.kept).from_select(columns, copied.with_for_update())
    return putting.execution_options(preserve_rowcount=True)


def _content(rows: Rows, part: Part) -> ColumnElement[Any]:
    table = rows.table(part)
    content: list[ColumnElement[Any]] = []
    for name in (column for column, t in part.columns.items() if t.fate in UNTOUCHED):
        content += [literal_column(f"'{name}'"), table.c[name]]
    return _Object(*content)


def _since(rows: Rows, part: Part) -> ColumnElement[Any]:
    first, *others = (rows.table(part).c[column] for column in part.since)
    return func.coalesce(first, *others) if others else first


def expire(connection: Connection, now: datetime, bite: int) -> int:
    """Erase a bite of the rows whose term is over; answer how many they were.

    Rows of an erasure that is not checked yet wait: the check looks for them.
    """
    checked = select(book.erasure.c.closure).where(book.erasure.c.checked_at.is_not(None))
    over = (
        select(book.kept.c.id)
        .where(book.kept.c.ends_at <= now, book.kept.c.closure.in_(checked))
        .order_by(book.kept.c.ends_at)
        .limit(bite)
    )
    return connection.execute(delete(book.kept).where(book.kept.c.id.in_(over))).rowcount
