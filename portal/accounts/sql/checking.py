"""The check of an erasure: against its plan, never against "nothing is found any more"."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Connection,
    Select,
    delete,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
    update,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.applying import Work, again, leading, stored
from portal.accounts.sql.rows import Action, Rows
from portal.accounts.sql.treating import filled_keys
from portal.accounts.system import Residue

UNDONE = "steps not done"

_ROW, _STEP = book.row.c, book.step.c
_OF_CLOSURE = (_STEP.closure == book.CLOSURE,)


def residue(connection: Connection, work: Work) -> tuple[Residue, ...]:
    """Every place where the erasure is not done or something is left.

    Planned rows that leave their table lead to the person as long as they are there: where the
    persons's ids and values are gone, so are they. Names are not looked for, strangers have them.
    """
    actions = work.rows.actions_of(work.keys)
    statement = work.rows.once(
        ("residue", *(action.name for action in actions)), lambda: _judging(work.rows, actions)
    )
    found = connection.execute(statement, work.values)
    left = [Residue(row[0], row[1]) for row in found if row[1] > 0]
    return (*left, *_on_disk(connection, work))


def _judging(rows: Rows, planned: Sequence[Action]) -> CompoundSelect[*tuple[Any, ...]]:
    undone = select(literal(UNDONE), func.count()).select_from(book.step)
    return union_all(
        undone.where(*_OF_CLOSURE, _STEP.done_at.is_(None)),
        *leading(rows, list(rows.actions.values())),
        *_registered(rows),
        *(judge for action in planned if not action.on_disk for judge in _of_step(rows, action)),
    )


def _registered(rows: Rows) -> Iterator[Select[*tuple[Any, ...]]]:
    """The values that only this account had, where they stood and no part looks."""
    looked = rows.places([action.part for action in rows.actions.values()])
    for whose, places in rows.datamap.unique.items():
        for place in places:
            if place not in looked:
                here = rows.column(place).table
                count = select(literal(place), func.count()).select_from(here)
                yield count.where(rows.carries(place, whose))


def _of_step(rows: Rows, action: Action) -> Iterator[Select[*tuple[Any, ...]]]:
    part = action.part
    filled = filled_keys(rows, action)
    if filled is not None:
        yield select(literal(action.name), func.count()).select_from(filled.subquery())
    if part.kept:
        # Planned, and not there any more when the step was done: it can't have been put away.
        never = _STEP.planned - _STEP.treated
        lost = _not_put_away(action) - never
        yield select(literal(action.name), lost).where(*_OF_CLOSURE, _STEP.name == action.name)


def _not_put_away(action: Action) -> Any:
    kept = book.kept.c
    same = (kept.closure == _ROW.closure, kept.step == _ROW.step, kept.key == _ROW.key)
    put = select(kept.id).where(*same).limit(1).correlate(book.row).scalar_subquery()
    mine = (_ROW.closure == book.CLOSURE, _ROW.step == action.name, put.is_(None))
    return select(func.count()).select_from(book.row).where(*mine).scalar_subquery()


def _on_disk(connection: Connection, work: Work) -> Iterator[Residue]:
    for action in work.rows.actions_of(work.keys):
        if action.on_disk:
            paths = connection.scalars(work.rows.planned(action), work.values)
            number = sum(stored(work.files, path).exists() for path in paths)
            if number:
                yield Residue(action.name, number)


def treat_again(connection: Connection, work: Work, left: tuple[Residue, ...]) -> None:
    """Do a bite of every step again that left something; no step is due any more that would."""
    places = {one.place for one in left}
    for action in work.rows.actions_of(work.keys):
        if action.name in places or (action.part.place in places and not action.on_disk):
            again(connection, work, action)


def pass_(connection: Connection, closure: str, now: datetime) -> None:
    """Say that the check is passed, and until when the last row of a step is kept; forget what
    rows were found by."""
    mine = update(book.erasure).where(book.erasure.c.closure == closure)
    connection.execute(mine.values(keys=null(), checked_at=now))
    connection.execute(delete(book.heir).where(book.heir.c.closure == closure))
    ends = select(func.max(book.kept.c.ends_at)).where(
        book.kept.c.closure == _STEP.closure, book.kept.c.step == _STEP.name
    )
    steps = update(book.step).where(_STEP.closure == closure)
    connection.execute(steps.values(ends_at=ends.scalar_subquery()))


def forget(connection: Connection, closure: str, bite: int) -> bool:
    """Drop a bite of the plan's row keys; answer whether it was the last. Steps and counts stay."""
    mine = _ROW.closure == closure
    ends = select(_ROW.step, _ROW.key).where(mine).order_by(_ROW.step, _ROW.key)
    end = connection.execute(ends.offset(bite - 1).limit(1)).one_or_none()
    bite_of = mine if end is None else mine & (tuple_(_ROW.step, _ROW.key) <= tuple(end))
    connection.execute(delete(book.row).where(bite_of))
    return end is None
