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
    false,
    func,
    literal,
    null,
    select,
    true,
    union_all,
    update,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.applying import planned, stored
from portal.accounts.sql.rows import Action, Rows
from portal.accounts.sql.treating import untreated
from portal.accounts.system import Residue


def residue(connection: Connection, closure: str, rows: Rows, files: Path) -> tuple[Residue, ...]:
    """Every place where the erasure is not done or something is left."""
    counts = [*_undone(closure), *_in_tables(closure, rows), *_values(closure, rows)]
    found = connection.execute(union_all(*counts))
    left = [Residue(row[0], row[1]) for row in found if row[1]]
    return (*left, *_on_disk(connection, closure, rows, files))


def forget(connection: Connection, closure: str, now: datetime) -> None:
    """Drop the keys and values of the plan; its steps and counts stay."""
    for table in (book.row, book.value):
        connection.execute(delete(table).where(table.c.closure == closure))
    mine = update(book.erasure).where(book.erasure.c.closure == closure)
    connection.execute(mine.values(keys=null(), checked_at=now))


Count = Select[str, int]


def _count(place: str, table: Table, where: ColumnElement[bool]) -> Count:
    return select(literal(place), func.count()).select_from(table).where(where)


def _undone(closure: str) -> Iterator[Count]:
    steps = book.step
    yield _count("steps not done", steps, (steps.c.closure == closure) & steps.c.treated.is_(None))


def _in_tables(closure: str, rows: Rows) -> Iterator[Count]:
    for action in rows.actions():
        if not action.on_disk:
            yield _count(action.name, rows.table(action.part), _left(closure, rows, action))


def _left(closure: str, rows: Rows, action: Action) -> ColumnElement[bool]:
    """Planned and not treated, or unplanned and still found by the person's keys."""
    part, table = action.part, rows.table(action.part)
    in_plan = table.c.id.in_(planned(closure, rows, action))
    wrong = true() if part.deletes else untreated(rows, part)
    lets_go = part.deletes or part.by in part.treated
    late = table.c[part.by].in_(rows.keys[part.whose]) if lets_go else false()
    return (in_plan & wrong) | late


def _values(closure: str, rows: Rows) -> Iterator[Count]:
    for value in rows.rules.datamap.values:
        kept = (
            select(book.value.c.value)
            .where(book.value.c.closure == closure, book.value.c.name == value.name)
            .scalar_subquery()
        )
        for place in value.places:
            name, _, column = place.partition(".")
            table = rows.rules.tables[name]
            yield _count(f"{value.name} in {place}", table, table.c[column] == kept)


def _on_disk(connection: Connection, closure: str, rows: Rows, files: Path) -> Iterator[Residue]:
    for action in rows.actions():
        if action.on_disk:
            paths = connection.scalars(planned(closure, rows, action))
            number = sum(stored(files, path).exists() for path in paths)
            if number:
                yield Residue(action.name, number)
