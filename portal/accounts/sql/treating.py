"""What each fate of the data map writes, and how one sees that it was written."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, String, false, func, literal, null, or_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from portal.accounts.sql.datamap import Fate, Part, Treatment
from portal.accounts.sql.rows import Rows

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


def written(rows: Rows, part: Part, now: datetime) -> dict[str, Any]:
    """The new values of the columns that change."""
    return {c: _new_value(rows, part, t, now) for c, t in part.treated.items()}


def _new_value(rows: Rows, part: Part, treatment: Treatment, now: datetime) -> Any:
    match treatment.fate:
        case Fate.NULL:
            return null()
        case Fate.RANDOM:
            return literal(PLACEHOLDER) + _Random()
        case Fate.NOW:
            return now
        case Fate.SUCCESSOR:
            return rows.others(part).scalar_subquery()
    return treatment.value


def untreated(rows: Rows, part: Part) -> ColumnElement[bool]:
    """Whether a planned row is not yet as the map wants it.

    A row that has found a new owner meanwhile (a sealed service that was handed over, a new row
    under the id of a deleted one) is theirs; what they write is no trace of the leaver.
    """
    found = rows.found(part)
    if part.deletes:
        return found
    table = rows.table(part)
    others = {c: t for c, t in part.treated.items() if c != part.by}
    open_ = or_(false(), *(_not_written(table.c[c], t) for c, t in others.items()))
    if part.by not in part.treated:
        return found & open_
    return found | (table.c[part.by].is_(None) & open_)


def _not_written(column: Column[Any], treatment: Treatment) -> ColumnElement[bool]:
    match treatment.fate:
        case Fate.NULL:
            return column.is_not(None)
        case Fate.NOW | Fate.SUCCESSOR:
            return column.is_(None)
        case Fate.RANDOM:
            return ~func.coalesce(column, "").startswith(PLACEHOLDER)
    return column.is_distinct_from(treatment.value)
