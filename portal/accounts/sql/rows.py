"""Finding one person's rows, part by part of the data map.

Expressions are the same for every person: whose rows they find is bound when they are executed,
so that each is built and compiled once.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar, cast

import sqlalchemy as sql
from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    String,
    Table,
    and_,
    bindparam,
    exists,
    false,
    select,
    true,
)

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.datamap import DataMap
from portal.accounts.sql.parts import IDENTITIES, UNIQUE, Part, Whose
from portal.accounts.system import Outcome

Keys = Mapping[Whose, Sequence[str]]
"""What one closure's rows are found by: ids and unique values under each ``Whose``; nothing where
it isn't closed."""

OF = {whose: bindparam(f"of_{whose}", type_=String, expanding=True) for whose in Whose}
NOT_OF = {whose: bindparam(f"not_of_{whose}", type_=String, expanding=True) for whose in Whose}
"""The same values for NOT IN. An empty list is written by the operator, and once for each name: IN
and NOT IN of one name would both be true for every row, or both for none."""

T = TypeVar("T")


def bound(keys: Keys) -> dict[str, Sequence[str]]:
    """The values for ``OF`` and ``NOT_OF``."""
    return {of[whose].key: keys.get(whose, ()) for of in (OF, NOT_OF) for whose in Whose}


@dataclass(frozen=True)
class Action:
    """One step: a part's rows, or before them the part's files on disk."""

    name: str
    part: Part
    on_disk: bool

    @property
    def outcome(self) -> Outcome:
        return Outcome.DELETE if self.on_disk else self.part.kind.outcome

    @property
    def removes_what_finds(self) -> bool:
        """Whether other rows refer to these, and are found by them."""
        return self.part.by == "id" and self.part.leaves


class Rows:
    """Where rows are, by the tables and what becomes of them.

    With ``shared_too`` rows that others share are treated like those that nobody shares (jobs,
    二.3.2).
    """

    def __init__(self, tables: Mapping[str, Table], datamap: DataMap, *, shared_too: bool) -> None:
        self.tables = tables
        self.datamap = datamap
        self.shared_too = shared_too
        self._built: dict[Hashable, Any] = {}

    def once(self, name: Hashable, build: Callable[[], T]) -> T:
        """What ``build`` makes, which is the same each time; built when it is first needed."""
        if name not in self._built:
            self._built[name] = build()
        return cast("T", self._built[name])

    @cached_property
    def actions(self) -> dict[str, Action]:
        """Every step by its name, in their order."""
        found = []
        for part in self.datamap.parts:
            if part.file:
                found.append(Action(f"{part.name}.disk", part, on_disk=True))
            found.append(Action(part.name, part, on_disk=False))
        return {action.name: action for action in found}

    def actions_of(self, keys: Keys) -> list[Action]:
        """The steps of closing what the keys name."""
        return [action for action in self.actions.values() if keys.get(action.part.whose)]

    def before(self, action: Action) -> list[Action]:
        every = list(self.actions.values())
        return every[: every.index(action)]

    def table(self, part: Part) -> Table:
        return self.tables[part.table]

    def key(self, action: Action) -> Column[Any]:
        """What a planned row is remembered by: its id, or the path of its file."""
        column = action.part.file if action.on_disk and action.part.file else "id"
        return self.table(action.part).c[column]

    def planned(self, action: Action) -> Select[Any]:
        """The keys of the step's rows, in the type of the column that they were taken from."""
        key = sql.cast(book.row.c.key, self.key(action).type)
        return select(key).where(book.row.c.closure == book.CLOSURE, book.row.c.step == action.name)

    def belongs(self, part: Part) -> ColumnElement[bool]:
        """The rows that this part of the person has, each in the first part that does it all."""
        parts = self.datamap.parts
        earlier = (one for one in parts[: parts.index(part)] if one.does_all_of(part))
        return and_(self._here(part), *(self._here(one).is_not(true()) for one in earlier))

    def _here(self, part: Part) -> ColumnElement[bool]:
        return self.found(part) & self.on_this_side(part)

    def found(self, part: Part) -> ColumnElement[bool]:
        """The rows that still lead to the person."""
        return self.carries(part.place, part.whose)

    def carries(self, place: str, whose: Whose) -> ColumnElement[bool]:
        """The rows that have the person's id or value in this column."""
        found = self.column(place).in_(OF[whose])
        return found & ~self._somebody_elses(whose) if whose in UNIQUE else found

    def column(self, place: str) -> Column[Any]:
        table, _, column = place.partition(".")
        return self.tables[table].c[column]

    def _somebody_elses(self, whose: Whose) -> ColumnElement[bool]:
        """Another account has registered the value meanwhile: from then on rows mean its owner."""
        registered = self.column(self.datamap.unique[whose][0])
        owner = registered.table.alias("owner").c
        return exists().where(
            owner[registered.name].in_(OF[whose]), owner.id.notin_(NOT_OF[Whose.ACCOUNT])
        )

    def places(self, parts: Sequence[Part]) -> dict[str, Whose]:
        """The columns that lead from these parts to the person and don't once they are treated."""
        return {
            part.place: Whose.IDENTITY if part.whose in IDENTITIES else part.whose
            for part in parts
            if part.leaves or part.by in part.treated
        }

    def on_this_side(self, part: Part) -> ColumnElement[bool]:
        """Reserved or not, shared or unshared, as the part wants it."""
        side = self._shared(part)
        if part.reserved is None:
            return side
        reserved = exists(self.heir(part, book.heir.c.to_id))
        return side & (reserved if part.reserved else ~reserved)

    def _shared(self, part: Part) -> ColumnElement[bool]:
        if part.shared is None:
            return true()
        if self.shared_too:
            return false() if part.shared else true()
        others = exists(self.others(part))
        return others if part.shared else ~others

    def heir(self, part: Part, what: ColumnElement[Any]) -> Select[Any]:
        """What is known of a row's heir, who still works for the row's company."""
        works = self.datamap.succession
        works_for = self.tables[works.table]
        table, heir = self.table(part), book.heir.c
        return (
            select(what)
            .where(
                heir.table == part.table,
                heir.row == table.c.id,
                heir.closure.is_not(None),
                works_for.c[works.identity] == heir.to_id,
                works_for.c[works.company] == table.c[works.company],
            )
            .limit(1)
            .correlate(table)
        )

    def others(self, part: Part) -> Select[Any]:
        """The identities that share a row and stay, the first one first."""
        shares = self.datamap.sharing
        sharing = self.tables[shares.table]
        table = self.table(part)
        return (
            select(sharing.c[shares.identity])
            .where(
                sharing.c[shares.row] == table.c.id,
                sharing.c[shares.identity].notin_(NOT_OF[Whose.IDENTITY]),
            )
            .order_by(sharing.c.id)
            .limit(1)
            .correlate(table)
        )
