"""The plan of an erasure: which rows, fixed once, before the first of them is touched.

Without it a second run would look for rows by keys that the first run has removed, find none,
and call that done. Usual people are planned in one statement, people whose rows fill a bite
step by step and bite by bite, along the ids.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Insert,
    Select,
    String,
    cast,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.bookkeeping import Entry
from portal.accounts.sql.rows import Action, Keys, Rows, bound
from portal.accounts.system import Outcome, Step


def begin(
    connection: Connection,
    closure: str,
    rows: Rows,
    keys: Keys,
    sealed: bytes,
    now: datetime,
    planned: Mapping[str, int] | None = None,
) -> None:
    """Keep what rows are found by, and the steps; with ``planned`` their rows are listed already.

    ``planned`` is the number of rows by step, where there are any.
    """
    begun = {"closure": closure, "keys": sealed, "shared_jobs_too": rows.shared_too}
    complete = {"begun_at": now, "listing": 0, "planned_at": None if planned is None else now}
    connection.execute(insert(book.erasure).values(**begun, **complete))
    steps = [
        {
            "closure": closure,
            "name": action.name,
            "position": position,
            "category": action.part.kind.name,
            "outcome": action.outcome,
            "planned": (planned or {}).get(action.name, 0),
            "treated": 0,
            "took_ms": 0,
            "reached": "",
            # What finds no rows has nothing to do; but before rows are found by it goes, some may.
            "done_at": now if planned is not None and _is_idle(action, planned) else None,
        }
        for position, action in enumerate(rows.actions_of(keys))
    ]
    connection.execute(insert(book.step), steps)


def _is_idle(action: Action, planned: Mapping[str, int]) -> bool:
    return action.name not in planned and not action.removes_what_finds


def counts(connection: Connection, rows: Rows, keys: Keys) -> dict[str, int]:
    """How many rows each step would treat now, by its name."""
    statement = rows.once("counts", lambda: _counting(rows))
    found = {row[0]: row[1] for row in connection.execute(statement, bound(keys))}
    return {action.name: found[action.part.name] for action in rows.actions_of(keys)}


def _counting(rows: Rows) -> CompoundSelect[*tuple[Any, ...]]:
    return union_all(
        *(
            select(literal(part.name), func.count())
            .select_from(rows.table(part))
            .where(rows.belongs(part))
            for part in rows.datamap.parts
        )
    )


def list_at_once(
    connection: Connection, closure: str, rows: Rows, keys: Keys, bite: int
) -> dict[str, int] | None:
    """List the rows of every step; answer how many by step, where there are any. None, and none
    is listed, if they fill a bite: there may be more."""
    actions = rows.actions_of(keys)
    statement = rows.once(
        ("list", *(action.name for action in actions)),
        lambda: _adding(union_all(*(_listing(rows, one) for one in actions)).limit(book.BITE)),
    )
    values = bound(keys) | {book.CLOSURE.key: closure, book.BITE.key: bite}
    with connection.begin_nested() as listing:
        if connection.execute(statement, values).rowcount == bite:
            listing.rollback()
            return None
    return {row[0]: row[1] for row in connection.execute(_LISTED, {book.CLOSURE.key: closure})}


def _listing(rows: Rows, action: Action) -> Select[*tuple[Any, ...]]:
    key = cast(rows.key(action), String)
    return select(book.CLOSURE, literal(action.name), key).where(rows.belongs(action.part))


def _adding(found: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]) -> Insert:
    adding = insert(book.row).from_select([c.name for c in book.row.c], found)
    return adding.execution_options(preserve_rowcount=True)


_LISTED = (
    select(book.row.c.step, func.count())
    .where(book.row.c.closure == book.CLOSURE)
    .group_by(book.row.c.step)
)


def end_of_bite(
    connection: Connection, entry: Entry, rows: Rows, keys: Keys, bite: int
) -> str | None:
    """The last id of the next bite of the step that is listed; None if it ends with the step."""
    action = rows.actions_of(keys)[entry.listing]
    column = rows.table(action.part).c.id
    ids = select(column).where(rows.belongs(action.part), *_after(column, entry.reached))
    last = connection.scalar(ids.order_by(column).offset(bite - 1).limit(1), bound(keys))
    return None if last is None else str(last)


def list_bite(
    connection: Connection,
    closure: str,
    entry: Entry,
    rows: Rows,
    keys: Keys,
    end: str | None,
    now: datetime,
) -> bool:
    """Plan the rows of one step up to ``end``; answer whether it was the last bite of all."""
    actions = rows.actions_of(keys)
    action = actions[entry.listing]
    last = end is None and action == actions[-1]
    to = {"reached": end, "listing": entry.listing + (end is None)}
    if not _move_on(connection, closure, entry, to | ({"planned_at": now} if last else {})):
        return False
    column = rows.table(action.part).c.id
    found = _listing(rows, action).where(*_after(column, entry.reached))
    if end is not None:
        found = found.where(column <= column.type.python_type(end))
    added = connection.execute(_adding(found), bound(keys) | {book.CLOSURE.key: closure}).rowcount
    mine = (book.step.c.closure == closure, book.step.c.name == action.name)
    connection.execute(update(book.step).where(*mine).values(planned=book.step.c.planned + added))
    return last


def _after(column: Any, reached: str | None) -> tuple[Any, ...]:
    return () if reached is None else (column > column.type.python_type(reached),)


def _move_on(connection: Connection, closure: str, entry: Entry, to: Mapping[str, Any]) -> bool:
    """Take the next bite of the plan, which only one can; its rows are then listed."""
    mine = book.erasure.c
    there = (mine.closure == closure, mine.planned_at.is_(None), mine.listing == entry.listing)
    at = mine.reached.is_not_distinct_from(entry.reached)
    moved = connection.execute(update(book.erasure).where(*there, at).values(**to))
    return bool(moved.rowcount)


def size(connection: Connection, closure: str) -> int:
    """How many rows are planned."""
    planned = select(func.sum(book.step.c.planned)).where(book.step.c.closure == closure)
    return connection.scalar(planned) or 0


def steps(connection: Connection, closure: str) -> tuple[Step, ...]:
    """The plan as it was made."""
    return tuple(
        Step(one.name, one.category, Outcome(one.outcome), one.planned)
        for one in book.steps(connection, closure)
    )
