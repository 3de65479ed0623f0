"""Finding one person's rows, part by part of the data map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, exists, false, select, true

from portal.accounts.sql.datamap import DataMap, Part, Whose
from portal.accounts.system import Outcome

Keys = Mapping[str, Sequence[str]]
"""What one closure's rows are found by: ids under each ``Whose``; nothing where it isn't closed."""


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
    """What holds for every person: the tables, the map, and which jobs go offline (二.3.2)."""

    tables: Mapping[str, Table]
    datamap: DataMap
    shared_too: bool
    """Rows that others share are treated like those that nobody shares."""


@dataclass(frozen=True)
class Rows:
    """One person's rows."""

    rules: Rules
    keys: Keys

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
        """The rows that this part of the person has."""
        found_by = self.table(part).c[part.by]
        return found_by.in_(self.keys[part.whose]) & self.on_this_side(part)

    def on_this_side(self, part: Part) -> ColumnElement[bool]:
        """Shared or unshared, as the part wants it."""
        if part.shared is None:
            return true()
        if self.rules.shared_too:
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
