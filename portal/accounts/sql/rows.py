"""Finding one person's rows, part by part of the data map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, exists, false, select, true

from portal.accounts.sql.datamap import DataMap, Part, Whose
from portal.accounts.system import Outcome

Keys = Mapping[str, Sequence[str]]
"""What one closure's rows are found by: ids, or the number, under each ``Whose``; nothing where
it isn't closed."""


@dataclass(frozen=True)
class Action:
    """One step: a part's rows, or before them the part's files on disk."""

    name: str
    part: Part
    on_disk: bool

    @property
    def outcome(self) -> Outcome:
        return Outcome.DELETE if self.on_disk else self.part.kind.outcome


@dataclass(frozen=True)
class Rules:
    """What holds for every person: the tables and what becomes of them."""

    tables: Mapping[str, Table]
    datamap: DataMap


@dataclass(frozen=True)
class Rows:
    """One person's rows."""

    rules: Rules
    keys: Keys
    shared_too: bool
    """Rows that others share are treated like those that nobody shares (jobs, 二.3.2)."""

    def actions(self) -> list[Action]:
        """The steps of closing what the keys name, in their order."""
        found: list[Action] = []
        for part in self.rules.datamap.parts:
            if not self.keys[part.whose]:
                continue
            if part.file:
                found.append(Action(f"{part.name}.disk", part, on_disk=True))
            found.append(Action(part.name, part, on_disk=False))
        return found

    def table(self, part: Part) -> Table:
        return self.rules.tables[part.table]

    def key(self, action: Action) -> Column[Any]:
        """What a planned row is remembered by: its id, or the path of its file."""
        column = action.part.file if action.on_disk and action.part.file else "id"
        return self.table(action.part).c[column]

    def belongs(self, part: Part) -> ColumnElement[bool]:
        """The rows that this part of the person has, each in the first part that does it all."""
        parts = self.rules.datamap.parts
        earlier = (one for one in parts[: parts.index(part)] if one.does_all_of(part))
        return and_(self._here(part), *(self._here(one).is_not(true()) for one in earlier))

    def _here(self, part: Part) -> ColumnElement[bool]:
        return self.found(part) & self.on_this_side(part)

    def found(self, part: Part) -> ColumnElement[bool]:
        """The rows that still lead to the person."""
        found = self.table(part).c[part.by].in_(self.keys[part.whose])
        return found & ~self._somebody_elses() if part.whose is Whose.NUMBER else found

    def _somebody_elses(self) -> ColumnElement[bool]:
        """Another account has registered the number meanwhile: from then on rows mean its owner."""
        number = self.rules.datamap.number
        table = self.rules.tables[number.table]
        return exists().where(
            table.c[number.column].in_(self.keys[Whose.NUMBER]),
            table.c.id.notin_(self.keys[Whose.ACCOUNT]),
        )

    def on_this_side(self, part: Part) -> ColumnElement[bool]:
        """Shared or unshared, as the part wants it."""
        if part.shared is None:
            return true()
        if self.shared_too:
            return false() if part.shared else true()
        others = exists(self.others(part))
        return others if part.shared else ~others

    def others(self, part: Part) -> Select[str]:
        """The identities that share a row and stay, the first one first."""
        shares = self.rules.datamap.sharing
        sharing = self.rules.tables[shares.table]
        table = self.table(part)
        return (
            select(sharing.c[shares.identity])
            .where(
                sharing.c[shares.row] == table.c.id,
                sharing.c[shares.identity].notin_(self.keys[Whose.IDENTITY]),
            )
            .order_by(sharing.c.id)
            .limit(1)
            .correlate(table)
        )
