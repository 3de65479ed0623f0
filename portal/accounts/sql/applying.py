"""One step of an erasure: set-based, over the planned rows, whatever their number."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Select, cast, delete, func, select, update

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.planning import add_rows
from portal.accounts.sql.rows import Action, Rows
from portal.accounts.sql.treating import untreated, written


def apply(
    connection: Connection, closure: str, name: str, rows: Rows, files: Path, now: datetime
) -> int:
    """Treat the step's rows, note it, answer how many they were.

    A step that removes what rows are found by first does every step before it again, for what
    they have to do since. After it foreign keys keep new rows out.
    """
    actions = rows.actions()
    position = next(at for at, action in enumerate(actions) if action.name == name)
    action = actions[position]
    if action.part.by == "id":
        again(connection, closure, rows, actions[:position], files, now)
    treated = _treat(connection, closure, rows, action, files, now)
    book.mark(connection, closure, name, treated, now)
    return treated


def again(
    connection: Connection,
    closure: str,
    rows: Rows,
    actions: Sequence[Action],
    files: Path,
    now: datetime,
) -> None:
    """Treat what came after the plan (a counterpart wrote meanwhile), what came back, and what a
    step left to another part that does not want it any more. All else stays as it is."""
    for action in actions:
        add_rows(connection, closure, rows, action)
        _treat(connection, closure, rows, action, files, now)


def planned(closure: str, rows: Rows, action: Action) -> Select[str]:
    """The keys of the step's rows, in the type of the column that they were taken from."""
    key = cast(book.row.c.key, rows.key(action).type)
    return select(key).where(book.row.c.closure == closure, book.row.c.step == action.name)


def _treat(
    connection: Connection, closure: str, rows: Rows, action: Action, files: Path, now: datetime
) -> int:
    keys = planned(closure, rows, action)
    if action.on_disk:
        return _remove(files, list(connection.scalars(keys)))
    part, table = action.part, rows.table(action.part)
    here = table.c.id.in_(keys) & untreated(rows, part)
    if part.deletes:
        return connection.execute(delete(table).where(here)).rowcount
    changes = written(rows, part, now)
    if not changes:
        return connection.scalar(select(func.count()).select_from(keys.subquery())) or 0
    # A job that found or lost its last collaborator since the plan waits for its other part.
    changed = update(table).where(here, rows.on_this_side(part)).values(changes)
    return connection.execute(changed).rowcount


def _remove(files: Path, paths: list[str]) -> int:
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
