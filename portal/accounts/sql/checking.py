"""The check of an erasure: against its plan, never against "nothing is found any more"."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    delete,
    func,
    literal,
    null,
    select,
    union_all,
    update,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.applying import again, planned, stored
from portal.accounts.sql.rows import Action, Rows
from portal.accounts.sql.treating import untreated
from portal.accounts.system import Residue

UNDONE = "steps not done"


def residue(connection: Connection, closure: str, rows: Rows, files: Path) -> tuple[Residue, ...]:
    """Every place where the erasure is not done or something is left."""
    counts = [*_undone(closure), *_in_tables(closure, rows)]
    found = connection.execute(union_all(*counts))
    left = [Residue(row[0], row[1]) for row in found if row[1]]
    return (*left, *_on_disk(connection, closure, rows, files))


def lasting_residue(
    connection: Connection, closure: str, rows: Rows, files: Path, now: datetime
) -> tuple[Residue, ...]:
    """What is left even after the steps, once all are done, were done again.

    Without it residue that came after the last step would stay for ever: no step is due any more.
    """
    left = residue(connection, closure, rows, files)
    if not left or any(one.place == UNDONE for one in left):
        return left
    again(connection, closure, rows, rows.actions(), files, now)
    return residue(connection, closure, rows, files)


def forget(connection: Connection, closure: str, now: datetime) -> None:
    """Drop the keys of the plan; its steps and counts stay."""
    connection.execute(delete(book.row).where(book.row.c.closure == closure))
    mine = update(book.erasure).where(book.erasure.c.closure == closure)
    connection.execute(mine.values(keys=null(), checked_at=now))


Count = Select[str, int]


def _count(place: str, table: Table, where: ColumnElement[bool]) -> Count:
    return select(literal(place), func.count()).select_from(table).where(where)


def _undone(closure: str) -> Iterator[Count]:
    steps = book.step
    yield _count(UNDONE, steps, (steps.c.closure == closure) & steps.c.treated.is_(None))


def _in_tables(closure: str, rows: Rows) -> Iterator[Count]:
    for action in rows.actions():
        if not action.on_disk:
            yield _count(action.name, rows.table(action.part), _left(closure, rows, action))


def _left(closure: str, rows: Rows, action: Action) -> ColumnElement[bool]:
    """Not treated: planned, or unplanned and still found by the person's keys."""
    in_plan = rows.table(action.part).c.id.in_(planned(closure, rows, action))
    return untreated(rows, action.part) & (in_plan | rows.found(action.part))


def _on_disk(connection: Connection, closure: str, rows: Rows, files: Path) -> Iterator[Residue]:
    for action in rows.actions():
        if action.on_disk:
            paths = connection.scalars(planned(closure, rows, action))
            number = sum(stored(files, path).exists() for path in paths)
            if number:
                yield Residue(action.name, number)
