"""The data map: what becomes of every table, column and file kind of a database at closing.

PIPL 47 and 网络数据安全管理条例 24: deleted or anonymised; where a law says so, only stored and
protected. The file's own first lines explain its form; this reads it and fails loudly.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self, TypeVar

from portal.accounts.sql.parts import (
    UNIQUE,
    Fate,
    Handout,
    Kind,
    Part,
    Pool,
    Sharing,
    Succession,
    Treatment,
    Whose,
)
from portal.accounts.system import Outcome, Words

ITSELF = "_"
"""In a table's labels: the table. As a table: the labels of columns that recur."""


class DataMapError(Exception):
    """The map can't be read, or it and the database differ. Names every place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


@dataclass(frozen=True)
class DataMap:
    kinds: tuple[Kind, ...]
    parts: tuple[Part, ...]
    """In the order in which they are treated."""
    sharing: Sharing
    succession: Succession
    pools: tuple[Pool, ...]
    """What becomes of what nobody takes over."""
    unique: Mapping[Whose, tuple[str, ...]]
    """Where (table.column) values stand that only one account has; first where it registers it."""
    nobodys: Mapping[str, tuple[str, ...]]
    """The columns of tables that say nothing about a person."""
    labels: Mapping[str, Mapping[str, Words]]
    handouts: Mapping[str, Handout]
    """What a download shows, by table, or by part where parts of a table differ."""

    def part(self, name: str) -> Part:
        return next(part for part in self.parts if part.name == name)

    def label(self, table: str, column: str = ITSELF) -> Words | None:
        """What people call the table, or a column of it."""
        own = self.labels.get(table, {}).get(column)
        return own or (None if column == ITSELF else self.labels.get(ITSELF, {}).get(column))

    def handout(self, part: Part) -> Handout:
        """What a download shows of this part; nothing where the map does not say."""
        nothing = Handout((), tuple(part.columns), None)
        table = self.handouts.get(part.table, nothing)
        own = self.handouts.get(part.name, table)
        return own if own.shown or own.withheld else replace(table, label=own.label)

    @classmethod
    def load(cls, path: Path) -> Self:
        """Raises DataMapError, which names every place in the file."""
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DataMapError([f"{path.name}: {error}"]) from error
        wrong: list[str] = []
        kinds = {kind.name: kind for kind in _each(raw.get("category", {}), _kind, wrong)}
        parts = _each(raw.get("part", {}), lambda name, of: _part(name, of, kinds), wrong)
        sharing = _each({"sharing": raw.get("sharing", {})}, lambda _, of: Sharing(**of), wrong)
        heirs = _each(
            {"succession": raw.get("succession", {})}, lambda _, of: _succession(of), wrong
        )
        named = {part.name: part for part in parts}
        pools = _each(raw.get("pool", {}), lambda name, of: _pool(named[name], of), wrong)
        unique = _each({"unique": raw.get("unique", {})}, lambda _, of: _unique(of), wrong)
        labels = _each(raw.get("label", {}), lambda name, of: (name, _labels(of)), wrong)
        handouts = _each(raw.get("download", {}), lambda name, of: (name, _handout(of)), wrong)
        if wrong:
            raise DataMapError(wrong)
        nobodys = {table: tuple(columns) for table, columns in raw.get("nobody", {}).items()}
        return cls(
            tuple(kinds.values()),
            parts,
            sharing[0],
            heirs[0],
            pools,
            unique[0],
            nobodys,
            dict(labels),
            dict(handouts),
        )


T = TypeVar("T")


def _each(
    section: Mapping[str, Any], make: Callable[[str, Any], T], wrong: list[str]
) -> tuple[T, ...]:
    """What the entries say; adds to ``wrong`` what can't be understood."""
    made = []
    for name, entry in section.items():
        try:
            made.append(make(name, entry))
        except KeyError as error:
            wrong.append(f"{name}: {error} is missing or unknown")
        except (TypeError, ValueError, AttributeError) as error:
            wrong.append(f"{name}: {error}")
    return tuple(made)


def _kind(name: str, raw: dict[str, Any]) -> Kind:
    basis, until = (_words(raw[key]) if key in raw else None for key in ("basis", "until"))
    months = _months(raw["term"]) if "term" in raw else None
    kind = Kind(name, _words(raw), Outcome(raw["outcome"]), basis, until, months)
    given = {bool(each) for each in (basis, until, months)}
    if given != {kind.outcome is Outcome.KEEP}:
        raise ValueError("what is kept, and only that, needs basis, until and term")
    return kind


def _words(raw: dict[str, Any]) -> Words:
    words = Words(raw["zh"], raw["en"])
    if not (words.zh and words.en):
        raise ValueError("a text is empty")
    return words


def _months(raw: dict[str, int]) -> int:
    if unknown := raw.keys() - {"years", "months"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    return raw.get("years", 0) * 12 + raw.get("months", 0)


def _succession(raw: dict[str, Any]) -> Succession:
    return Succession(raw["table"], raw["identity"], raw["company"], _months(raw["term"]))


def _pool(part: Part, raw: dict[str, Any]) -> Pool:
    if unknown := raw.keys() - {"since", "emptied", "basis"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    pool = Pool(part, raw["since"], tuple(raw.get("emptied", ())), _words(raw["basis"]))
    if part.columns.get(pool.since) != Treatment(Fate.NOW):
        raise ValueError(f"{pool.since} does not say since when its rows lie there")
    if part.treated.get(part.by) != Treatment(Fate.NULL):
        raise ValueError("only rows that nobody has any more lie in a pool")
    if missing := set(pool.emptied) - part.columns.keys():
        raise ValueError(f"{', '.join(sorted(missing))} is not one of its columns")
    return pool


def _unique(raw: dict[str, list[str]]) -> dict[Whose, tuple[str, ...]]:
    return {whose: tuple(raw[whose]) for whose in UNIQUE}


def _labels(raw: dict[str, list[str]]) -> dict[str, Words]:
    return {column: _words({"zh": zh, "en": en}) for column, (zh, en) in raw.items()}


def _handout(raw: dict[str, list[str]]) -> Handout:
    if unknown := raw.keys() - {"shown", "withheld", "label"}:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    label = _labels({ITSELF: raw["label"]})[ITSELF] if "label" in raw else None
    return Handout(tuple(raw.get("shown", ())), tuple(raw.get("withheld", ())), label)


def _part(name: str, raw: dict[str, Any], kinds: Mapping[str, Kind]) -> Part:
    if unknown := raw.keys() - _PART_KEYS:
        raise ValueError(f"{', '.join(sorted(unknown))} is unknown")
    kind, columns = kinds[raw["category"]], raw["columns"]
    if isinstance(columns, list) != (kind.outcome is Outcome.DELETE):
        raise ValueError("deleted rows list their columns, rows that stay say what becomes of each")
    if isinstance(columns, list):
        columns = dict.fromkeys(columns, Fate.KEEP)
    fates = {column: _treatment(fate) for column, fate in columns.items()}
    since = raw.get("since", [])
    since = (since,) if isinstance(since, str) else tuple(since)
    sides = (raw.get("shared"), raw.get("reserved"), raw.get("rest"))
    part = Part(name, Whose(raw["of"]), raw["by"], kind, fates, *sides, raw.get("file"), since)
    _must_make_sense(part)
    return part


_PART_KEYS = {
    "of", "by", "category", "shared", "reserved", "rest", "file", "since", "columns",
}  # fmt: skip


def _must_make_sense(part: Part) -> None:
    if missing := {part.by, part.file or part.by, *part.since} - part.columns.keys():
        raise ValueError(f"{', '.join(sorted(missing))} is not one of its columns")
    if part.kept != bool(part.since):
        raise ValueError("what is kept, and only that, says since when its term runs")
    if part.kept and {t.fate for t in part.columns.values()} - {Fate.KEEP, Fate.NULL}:
        raise ValueError("of what is kept a column is kept or null")
    fates_of_heirs = {t.fate for t in part.columns.values()} & {Fate.HEIR, Fate.SHARE}
    if fates_of_heirs and not part.reserved:
        raise ValueError("only reserved rows have an heir")
    if (Fate.SHARE in fates_of_heirs) != bool(part.rest):
        raise ValueError("a share leaves a rest, and only a share does")
    if not (part.leaves or part.treated):
        raise ValueError("nothing becomes of its columns")


def _treatment(raw: Any) -> Treatment:
    if isinstance(raw, dict):
        return Treatment(Fate.VALUE, raw["value"])
    if raw == Fate.VALUE:
        raise ValueError("a value is written { value = … }")
    return Treatment(Fate(raw))
