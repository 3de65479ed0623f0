"""The steps of an erasure: set-based, over the planned rows, bite by bite whatever their number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Executable,
    Select,
    String,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    union_all,
    update,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.bookkeeping import Progress
from portal.accounts.sql.keeping import putting_away
from portal.accounts.sql.parts import Fate, Part
from portal.accounts.sql.rows import Action, Keys, Rows, bound
from portal.accounts.sql.treating import filled_keys, share, untreated, written

_START = bindparam("the_start", type_=String)
_IDS = "the_ids"


@dataclass(frozen=True)
class Work:
    """What every bite of a closure's erasure needs."""

    closure: str
    rows: Rows
    keys: Keys
    files: Path
    bite: int
    now: datetime

    @property
    def values(self) -> dict[str, Any]:
        """What its statements are bound to."""
        mine = {book.CLOSURE.key: self.closure, book.NOW.key: self.now, book.BITE.key: self.bite}
        return bound(self.keys) | mine


def apply(connection: Connection, work: Work, steps: Sequence[Progress]) -> list[Progress]:
    """Treat a bite of rows, step by step, and note it; answer the steps that are done, which may
    be none. A step of more rows than are left of the bite begins with the next one."""
    done: list[Progress] = []
    noted: list[Progress] = []
    left = work.bite
    for at in steps:
        now = at
        if at.done_at is None:
            if noted and at.planned > left:
                break
            now = _go_on(connection, work, at)
            noted.append(now)
            left -= at.planned
        if now.done_at is None:
            break
        done.append(now)
    if noted:
        book.advance(connection, work.closure, noted)
    return done


def _go_on(connection: Connection, work: Work, at: Progress) -> Progress:
    """Treat a bite of the step.

    A step that removes what rows are found by first treats what has come for the steps before it.
    After it foreign keys keep new rows out.
    """
    action, began = work.rows.actions[at.name], perf_counter()
    if action.removes_what_finds and _late(connection, work, action):
        return at
    rows = _treat(connection, work, action, at.reached) if at.planned else 0
    end = _end_of_bite(connection, work, at) if at.planned > work.bite else None
    return replace(
        at,
        treated=at.treated + rows,
        took_ms=at.took_ms + round((perf_counter() - began) * 1000),
        reached=end or at.reached,
        done_at=None if end else work.now,
    )


def _end_of_bite(connection: Connection, work: Work, at: Progress) -> str | None:
    """The key that ends the bite; None where no row comes after it."""
    mine = (book.row.c.closure == book.CLOSURE, book.row.c.step == at.name)
    keys = select(book.row.c.key).where(*mine, book.row.c.key > _START).order_by(book.row.c.key)
    ends = keys.offset(work.bite - 1).limit(2)
    found = connection.scalars(ends, work.values | {_START.key: at.reached}).all()
    return found[0] if len(found) > 1 else None


def _treat(connection: Connection, work: Work, action: Action, start: str) -> int:
    values = work.values | {_START.key: start}
    if action.on_disk:
        paths = work.rows.once(("paths", action.name), lambda: _bite(work.rows, action))
        return remove(work.files, list(connection.scalars(paths, values)))
    statements = work.rows.once(
        ("treat", action.name), lambda: _treatment(work.rows, action, _bite(work.rows, action))
    )
    return _execute(connection, statements, values)


def _bite(rows: Rows, action: Action) -> Select[*tuple[Any, ...]]:
    after = rows.planned(action).where(book.row.c.key > _START)
    return after.order_by(book.row.c.key).limit(book.BITE)


def _treatment(rows: Rows, action: Action, which: Any) -> list[Executable]:
    """The statements that treat these rows; the last one counts them."""
    part, table = action.part, rows.table(action.part)
    here = table.c.id.in_(which) & untreated(rows, part)
    if part.kept:
        return [putting_away(rows, action, here), delete(table).where(here)]
    if part.leaves:
        return [delete(table).where(here)]
    # A job that found or lost its last collaborator or its heir since the plan waits for its other
    # part.
    here &= rows.on_this_side(part)
    treating: list[Executable] = [*_parting(rows, part, here)]
    return [*treating, update(table).where(here).values(written(rows, part))]


def _parting(rows: Rows, part: Part, here: ColumnElement[bool]) -> Iterator[Executable]:
    """The statement that makes a row of its own of what the heir gets no share of."""
    if part.rest is None:
        return
    table = rows.table(part)
    (shared,) = (column for column, t in part.columns.items() if t.fate is Fate.SHARE)
    rest = rows.datamap.part(part.rest)
    remaining = table.c[shared] - share(rows, part, shared)
    new = {column: table.c[column] for column in part.columns if column != "id"}
    new |= written(rows, rest) | {shared: remaining}
    parted = select(*(_as_column(value, table.c[c]) for c, value in new.items())).where(
        here, remaining > 0
    )
    yield insert(table).from_select(list(new), parted)


def _as_column(value: Any, column: ColumnElement[Any]) -> ColumnElement[Any]:
    return value if isinstance(value, ColumnElement) else literal(value, column.type)


def _execute(connection: Connection, statements: list[Executable], values: Any) -> int:
    """Answer the rows of the last one."""
    rows = [connection.execute(statement, values).rowcount for statement in statements]
    return rows[-1]


def _late(connection: Connection, work: Work, action: Action) -> bool:
    """Treat a bite of what has come for the steps before this one; answer whether there was any."""
    earlier = [one for one in work.rows.before(action) if not one.on_disk]
    statement = work.rows.once(
        ("late", action.name), lambda: union_all(*leading(work.rows, earlier))
    )
    left = {row[0] for row in connection.execute(statement, work.values) if row[1]}
    return sum(again(connection, work, one) for one in earlier if one.part.place in left) > 0


def leading(rows: Rows, actions: Sequence[Action]) -> list[Select[*tuple[Any, ...]]]:
    """How many rows still lead from these steps to the person, by place."""
    return [
        select(literal(place), func.count())
        .select_from(rows.column(place).table)
        .where(rows.carries(place, whose))
        for place, whose in rows.places([action.part for action in actions]).items()
    ]


def again(connection: Connection, work: Work, action: Action) -> int:
    """Treat a bite of what came after the plan (a counterpart wrote meanwhile), what came back,
    and what a step left to another part that does not want it any more."""
    part, table = action.part, work.rows.table(action.part)
    if action.on_disk:
        paths = connection.scalars(work.rows.planned(action), work.values)
        return remove(work.files, list(paths))
    columns = (table.c.id, table.c[part.file]) if part.file else (table.c.id,)
    filled = filled_keys(work.rows, action)
    left = work.rows.found(part)
    if filled is not None:
        left |= table.c.id.in_(filled.limit(book.BITE))
    here = select(*columns).where(left, work.rows.on_this_side(part)).limit(book.BITE)
    found = connection.execute(here, work.values).all()
    if part.file:
        remove(work.files, [row[1] for row in found])
    ids: BindParameter[Any] = bindparam(_IDS, [row[0] for row in found], expanding=True)
    statements = _treatment(work.rows, action, ids)
    return _execute(connection, statements, work.values)


def remove(files: Path, paths: list[str]) -> int:
    """Remove the files; one that is not there is done already. Raises OSError."""
    for path in paths:
        stored(files, path).unlink(missing_ok=True)
    return len(paths)


def stored(files: Path, path: str) -> Path:
    """Where a stored file lies. Raises OSError for a path that leads out of the folder."""
    found = (files / path).resolve()
    if not found.is_relative_to(files.resolve()):
        raise OSError("a stored file's path leads out of the folder")
    return found
