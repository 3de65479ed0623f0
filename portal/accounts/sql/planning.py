"""The plan of an erasure: which rows, fixed once, before the first of them is touched.

Without it a second run would look for rows by keys that the first run has removed, find none,
and call that done.
"""

from datetime import datetime

from sqlalchemy import Connection, String, cast, insert, literal, select

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.rows import Action, Rows
from portal.accounts.system import Outcome, Step


def make(connection: Connection, closure: str, rows: Rows, now: datetime) -> None:
    """Keep the keys of every row of every step, and their counts."""
    keys = {whose: list(ids) for whose, ids in rows.keys.items()}
    connection.execute(
        insert(book.erasure).values(
            closure=closure, keys=keys, shared_jobs_too=rows.shared_too, planned_at=now
        )
    )
    steps = [
        {
            "closure": closure,
            "name": action.name,
            "position": position,
            "category": action.part.kind.name,
            "outcome": action.outcome,
            "planned": add_rows(connection, closure, rows, action),
        }
        for position, action in enumerate(rows.actions())
    ]
    connection.execute(insert(book.step), steps)


def add_rows(connection: Connection, closure: str, rows: Rows, action: Action) -> int:
    """Plan the rows that the action has now and the plan has not; answer how many."""
    key = cast(rows.key(action), String)
    known = select(book.row.c.key).where(
        book.row.c.closure == closure, book.row.c.step == action.name
    )
    new = select(literal(closure), literal(action.name), key).where(
        rows.belongs(action.part), key.notin_(known)
    )
    added = insert(book.row).from_select(list(book.row.c), new)
    return connection.execute(added.execution_options(preserve_rowcount=True)).rowcount


def steps(connection: Connection, closure: str) -> tuple[Step, ...]:
    """The plan as it was made."""
    planned = select(book.step).where(book.step.c.closure == closure)
    return tuple(
        Step(row.name, row.category, Outcome(row.outcome), row.planned)
        for row in connection.execute(planned.order_by(book.step.c.position))
    )
