"""What a person is handed of their rows: by the data map, along the ids, a bite at a time.

Each bite is a transaction of its own that keeps nobody from writing: however many rows somebody
has, memory stays flat and nothing waits.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Column as SqlColumn
from sqlalchemy import Connection, FromClause, Select, select

from portal.accounts.export import Bite, Cell, Column, Extract, StoredFile
from portal.accounts.sql import people
from portal.accounts.sql.applying import stored
from portal.accounts.sql.parts import UNIQUE, Fate, Part
from portal.accounts.sql.planning import counts
from portal.accounts.sql.rows import Keys, Rows, bound
from portal.accounts.system import AccountSystemUnavailableError, Role, Scope, Words

_PIECE = 256 * 1024
_ROLES = {Role.SEEKER: Words("求职者", "Job seeker"), Role.RECRUITER: Words("招聘者", "Recruiter")}
_CALLED = {"company": "name", "job": "title"}
"""What rows that say nothing about a person are called by."""


@dataclass(frozen=True)
class Source:
    """Where the rows and files are."""

    reading: Callable[[], AbstractContextManager[Connection]]
    rows: Rows
    files: Path
    bite: int


def extracts(source: Source, scope: Scope) -> Iterator[Extract]:
    """One for each part of the map that the scope has."""
    with source.reading() as connection:
        keys = people.keys(connection, scope)
        there = counts(connection, source.rows, keys)
    for action in source.rows.actions_of(keys):
        if not action.on_disk:
            yield _extract(source, action.part, keys, there[action.part.name])


def _extract(source: Source, part: Part, keys: Keys, rows: int) -> Extract:
    datamap = source.rows.datamap
    handed = columns(source.rows, part)
    labels = [datamap.label(part.table, name) or Words(name, name) for name in handed]
    return Extract(
        part.name,
        part.kind.name,
        part.kind.label,
        datamap.handout(part).label or datamap.label(part.table) or part.kind.label,
        tuple(map(Column, handed, labels)),
        rows,
        partial(_bites, source, part, keys),
        partial(_files, source, part, keys),
    )


def columns(rows: Rows, part: Part) -> list[str]:
    """What the map hands out of the part's rows.

    What belongs to the other person of a row is left out, but for who it is: of that role and
    company are told. Of rows that are somebody else's, only the person's own value in them.
    """
    if part.whose in UNIQUE:
        return [part.by]
    return [
        name
        for name in rows.datamap.handout(part).shown
        if part.columns[name].fate is not Fate.COUNTERPART or _target(rows.table(part).c[name])
    ]


def _bites(source: Source, part: Part, keys: Keys) -> Iterator[Bite]:
    names = columns(source.rows, part)
    targets = [_target(source.rows.table(part).c[name]) for name in names]
    for found in _found(source, part, keys, _telling(source.rows, part, names)):
        yield [_cells(row, targets) for row in found]


def _files(source: Source, part: Part, keys: Keys) -> Iterator[StoredFile]:
    if part.file is None:
        return
    table = source.rows.table(part)
    for found in _found(source, part, keys, select(table.c.id, table.c[part.file])):
        for _, path in found:
            yield StoredFile(path, partial(_pieces, source.files, path))


def _pieces(files: Path, path: str) -> Iterator[bytes]:
    """What the file holds; nothing for one that is not there any more."""
    try:
        with stored(files, path).open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except FileNotFoundError:
        return
    except OSError as error:
        # Its text has the path.
        raise AccountSystemUnavailableError(type(error).__name__) from None


def _found(
    source: Source, part: Part, keys: Keys, telling: Select[Any]
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows in the order of their ids, which come first in each."""
    row_id = source.rows.table(part).c.id
    ordered = telling.where(source.rows.belongs(part)).order_by(row_id).limit(source.bite)
    page = ordered
    while True:
        with source.reading() as connection:
            found = [tuple(row) for row in connection.execute(page, bound(keys))]
        if found:
            yield found
        if len(found) < source.bite:
            return
        page = ordered.where(row_id > found[-1][0])


def _telling(rows: Rows, part: Part, names: list[str]) -> Select[Any]:
    """The rows' ids and columns; what refers to another row is told by what that is called."""
    table = rows.table(part)
    there: FromClause = table
    told: list[Any] = [table.c.id]
    for column in (table.c[name] for name in names):
        if (target := _target(column)) is None:
            told.append(column)
            continue
        other = rows.tables[target].alias()
        there = there.outerjoin(other, other.c.id == column)
        if target == "identity":
            company = rows.tables["company"].alias()
            there = there.outerjoin(company, company.c.id == other.c.company_id)
            told += [other.c.role, company.c.name]
        else:
            told.append(other.c[_CALLED[target]])
    return select(*told).select_from(there)


def _target(column: SqlColumn[Any]) -> str | None:
    """The table that a column refers to."""
    return next((str(key.column.table.name) for key in column.foreign_keys), None)


def _cells(row: tuple[Any, ...], targets: list[str | None]) -> tuple[Cell, ...]:
    values = iter(row[1:])
    return tuple(
        _who(next(values), next(values)) if target == "identity" else next(values)
        for target in targets
    )


def _who(role: str | None, company: str | None) -> Words | None:
    """Somebody, by no more than role and company; None for one whose account is closed."""
    if role is None:
        return None
    words = _ROLES[Role(role)]
    return Words(f"{words.zh}（{company}）", f"{words.en} ({company})") if company else words
