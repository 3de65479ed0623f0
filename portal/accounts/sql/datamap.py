"""The data map: what becomes of every table, column and file kind of a database at closing.

PIPL 47 and 网络数据安全管理条例 24: deleted or anonymised; where a law says so, only stored and
protected. The file's own first lines explain its form; this reads it and fails loudly.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

from portal.accounts.system import Outcome, Words


class DataMapError(Exception):
    """The map can't be read, or it and the database differ. Names every place."""


class Whose(StrEnum):
    """Whom the rows of a part belong to."""

    ACCOUNT = "account"
    IDENTITY = "identity"
    SEEKER = "seeker"
    RECRUITER = "recruiter"
    NUMBER = "number"
    """Anybody: rows that carry the number which the account is registered with."""


class Fate(StrEnum):
    """What becomes of a column of a row that stays."""

    KEEP = "keep"
    COUNTERPART = "counterpart"
    NULL = "null"
    RANDOM = "random"
    NOW = "now"
    SUCCESSOR = "successor"
    VALUE = "value"


UNTOUCHED = (Fate.KEEP, Fate.COUNTERPART)


@dataclass(frozen=True)
class Treatment:
    fate: Fate
    value: str | bool | int | None = None
    """What is written, for VALUE."""


@dataclass(frozen=True)
class Kind:
    """A category of data as people see it. Kept kinds have a legal basis and an end."""

    name: str
    label: Words
    outcome: Outcome
    basis: Words | None
    until: Words | None


@dataclass(frozen=True)
class Part:
    """Rows of one table that are found by one column and share one fate."""

    name: str
    """``table.part``, e.g. chat_message.sent."""
    whose: Whose
    by: str
    kind: Kind
    columns: Mapping[str, Treatment]
    """Every column of the table; all KEEP where the rows are deleted."""
    shared: bool | None
    """Only rows that others share, only those that nobody shares, or (None) all."""
    file: str | None
    """The column with the path of a file on disk."""

    @property
    def table(self) -> str:
        return self.name.partition(".")[0]

    @property
    def deletes(self) -> bool:
        return self.kind.outcome is Outcome.DELETE

    @property
    def treated(self) -> dict[str, Treatment]:
        """The columns that change."""
        return {c: t for c, t in self.columns.items() if t.fate not in UNTOUCHED}

    def does_all_of(self, other: "Part") -> bool:
        """Whether nothing is left for the other part to do with a row that this one treats."""
        same = self.table == other.table and not other.deletes
        return same and (self.deletes or other.treated.items() <= self.treated.items())


@dataclass(frozen=True)
class Sharing:
    """The table that says which rows others share: one row per shared row and identity."""

    table: str
    row: str
    identity: str


@dataclass(frozen=True)
class Number:
    """Where the number that an account is registered with stands; no two accounts have the same."""

    table: str
    column: str


@dataclass(frozen=True)
class DataMap:
    kinds: tuple[Kind, ...]
    parts: tuple[Part, ...]
    """In the order in which they are treated."""
    sharing: Sharing
    number: Number
    nobodys: Mapping[str, tuple[str, ...]]
    """The columns of tables that say nothing about a person."""

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises DataMapError, which names the place in the file."""
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataMapError(f"{path.name}: {error}") from error
        kinds = {kind.name: kind for kind in _each("category", raw, _kind)}
        return cls(
            tuple(kinds.values()),
            _each("part", raw, lambda name, of: _part(name, of, kinds)),
            _one("sharing", raw.get("sharing", {}), lambda _, of: Sharing(**of)),
            _one("number", raw.get("number", {}), lambda _, of: Number(**of)),
            {table: tuple(columns) for table, columns in raw.get("nobody", {}).items()},
        )


T = TypeVar("T")
Make = Callable[[str, dict[str, Any]], T]


def _each(section: str, raw: dict[str, Any], make: Make[T]) -> tuple[T, ...]:
    return tuple(_one(name, entry, make) for name, entry in raw.get(section, {}).items())


def _one(name: str, raw: dict[str, Any], make: Make[T]) -> T:
    try:
        return make(name, raw)
    except KeyError as error:
        raise DataMapError(f"{name}: {error} is missing or unknown") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise DataMapError(f"{name}: {error}") from None


def _kind(name: str, raw: dict[str, Any]) -> Kind:
    basis, until = (Words(**raw[key]) if key in raw else None for key in ("basis", "until"))
    kind = Kind(name, Words(raw["zh"], raw["en"]), Outcome(raw["outcome"]), basis, until)
    if (kind.outcome is Outcome.KEEP) != bool(basis and until):
        raise ValueError("what is kept, and only that, needs basis and until")
    return kind


def _part(name: str, raw: dict[str, Any], kinds: Mapping[str, Kind]) -> Part:
    if unknown := raw.keys() - _PART_KEYS:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    kind, columns = kinds[raw["category"]], raw["columns"]
    if isinstance(columns, list) != (kind.outcome is Outcome.DELETE):
        raise ValueError("deleted rows list their columns, rows that stay say what becomes of each")
    if isinstance(columns, list):
        columns = dict.fromkeys(columns, Fate.KEEP)
    fates = {column: _treatment(fate) for column, fate in columns.items()}
    shared, file = raw.get("shared"), raw.get("file")
    part = Part(name, Whose(raw["of"]), raw["by"], kind, fates, shared, file)
    if not {part.by, part.file or part.by} <= fates.keys():
        raise ValueError(f"{part.by} or {part.file} is not one of its columns")
    return part


_PART_KEYS = {"of", "by", "category", "shared", "file", "columns"}


def _treatment(raw: Any) -> Treatment:
    if isinstance(raw, dict):
        return Treatment(Fate.VALUE, raw["value"])
    if raw == Fate.VALUE:
        raise ValueError("a value is written { value = … }")
    return Treatment(Fate(raw))
