"""What each fate of the data map writes, and how one sees that it was written."""

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.calendar import start_of_year
from portal.accounts.sql.parts import Fate, Part, Treatment
from portal.accounts.sql.rows import Action, Rows

PLACEHOLDER = "closed-"


class _Random(FunctionElement[str]):
    """32 random hex digits, other ones for each row; from nothing and kept nowhere (PIPL 73)."""

    type = String()
    inherit_cache = True


@compiles(_Random, "sqlite")
def _sqlite(*_: Any, **__: Any) -> str:
    return "lower(hex(randomblob(16)))"


@compiles(_Random, "postgresql")
def _postgresql(*_: Any, **__: Any) -> str:
    return "replace(gen_random_uuid()::text, '-', '')"


def written(rows: Rows, part: Part) -> dict[str, Any]:
    """The new values of the columns that change."""
    return {c: _new_value(rows, part, c, t) for c, t in part.treated.items()}


def _new_value(rows: Rows, part: Part, column: str, treatment: Treatment) -> Any:
    match treatment.fate:
        case Fate.NULL:
            return null()
        case Fate.RANDOM:
            return literal(PLACEHOLDER) + _Random()
        case Fate.YEAR:
            return start_of_year(rows.table(part).c[column])
        case Fate.NOW:
            return book.NOW
        case Fate.SUCCESSOR:
            return rows.others(part).scalar_subquery()
        case Fate.HEIR:
            return rows.heir(part, book.heir.c.to_id).scalar_subquery()
        case Fate.SHARE:
            return share(rows, part, column)
    return treatment.value


def share(rows: Rows, part: Part, column: str) -> ColumnElement[Any]:
    """How much of this the heir gets: what is reserved, or all where there is no more of it."""
    whole = rows.table(part).c[column]
    reserved = rows.heir(part, book.heir.c.quantity).scalar_subquery()
    return case((reserved < whole, reserved), else_=whole)


def untreated(rows: Rows, part: Part) -> ColumnElement[bool]:
    """Whether a planned row is not yet as the map wants it.

    A row that has found a new owner meanwhile (a sealed service that was handed over, a new row
    under the id of a deleted one) is theirs; what they write is no trace of the leaver.
    """
    again = filled_again(rows, part)
    if part.leaves or again is None:
        return rows.found(part)
    return rows.found(part) | again if part.by in part.treated else again


def filled_again(rows: Rows, part: Part) -> ColumnElement[bool] | None:
    """Whether a planned row that stays, and no longer leads to the person, has a value again that
    it must not have; None where a row of the part can't."""
    others = {c: t for c, t in part.treated.items() if c != part.by}
    if part.leaves or not others:
        return None
    table = rows.table(part)
    ownerless = table.c[part.by].is_(None) if part.by in part.treated else rows.found(part)
    return and_(ownerless, or_(*(_not_written(table.c[c], t) for c, t in others.items())))


def filled_keys(rows: Rows, action: Action) -> Select[*tuple[Any, ...]] | None:
    """The keys of the step's rows that are filled again; None where none can be.

    Each is looked up from the plan: a database that does not know yet how many rows a new plan has
    (PostgreSQL before ANALYZE) would otherwise compare every row with every key.
    """
    filled = filled_again(rows, action.part)
    if filled is None:
        return None
    row_id, planned = rows.table(action.part).c.id, rows.planned(action)
    key = cast(book.row.c.key, row_id.type)
    # Found by its id and then looked at: the index of an owner column that was empty when the
    # database last counted would be tried first, and has all the rows of the plan by now.
    looked_at = select(case((filled, row_id))).where(row_id == key)
    found = looked_at.correlate(book.row).scalar_subquery()
    return planned.where(found.is_not(None))


def _not_written(column: Column[Any], treatment: Treatment) -> ColumnElement[bool]:
    match treatment.fate:
        case Fate.NULL:
            return column.is_not(None)
        case Fate.SHARE:
            return false()  # the owner of the row uses it up
        case Fate.NOW | Fate.SUCCESSOR:
            return column.is_(None)
        case Fate.RANDOM:
            return ~func.coalesce(column, "").startswith(PLACEHOLDER)
        case Fate.YEAR:
            return column.is_distinct_from(start_of_year(column))
    return column.is_distinct_from(treatment.value)
