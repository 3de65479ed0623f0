"""The portal's own data map: what a closed closure keeps, and what of it could name the person.

``datamap.toml`` beside this says it for every table and column; its first lines explain the form.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Inspector, func, literal, select, union_all
from sqlalchemy.orm import Session

from portal.store.base import Base

_FILE = Path(__file__).with_name("datamap.toml")
_NOT_OURS = {"alembic_version"}


class AtClosing(StrEnum):
    DELETED = "deleted"
    KEPT = "kept"
    EXPIRES = "expires"


class Fate(StrEnum):
    """What becomes of a column of rows that are kept."""

    PLAIN = "plain"
    EMPTIED = "emptied"
    BUSINESS = "business"
    EVIDENCE = "evidence"
    LINK = "link"


@dataclass(frozen=True)
class OwnMap:
    tables: Mapping[str, Mapping[str, Any]]
    holds: Mapping[str, Sequence[str]]
    """``table.column`` places by what they hold of a person: account, number."""


@cache
def load() -> OwnMap:
    """The map, read once a process: it is part of the code."""
    raw = tomllib.loads(_FILE.read_text("utf-8"))
    return OwnMap(raw["table"], raw["holds"])


def problems(inspector: Inspector) -> list[str]:
    """Every place where the map and the database differ, or where the map leaves something out."""
    own = load()
    there = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspector.get_multi_columns().items()
        if table not in _NOT_OURS
    }
    found = [f"{table}: in the database, not in the map" for table in there.keys() - own.tables]
    for table, entry in own.tables.items():
        if table not in there:
            found.append(f"{table}: in the map, not in the database")
            continue
        odd = sorted(there[table] ^ set(entry.get("columns", ())))
        found += [f"{table}.{column}: in only one of map and database" for column in odd]
        found += [f"{table}: {what}" for what in _unsaid(entry)]
    return sorted(found)


def _unsaid(entry: Mapping[str, Any]) -> Iterator[str]:
    if not (entry.get("zh") and entry.get("en")):
        yield "no label"
    at_closing = entry.get("at_closing")
    if at_closing not in set(AtClosing):
        yield "no action"
    if at_closing == AtClosing.EXPIRES and not entry.get("until"):
        yield "no term"
    if at_closing == AtClosing.KEPT:
        fates = entry["columns"].items()
        yield from (f"{column} has no action" for column, fate in fates if fate not in set(Fate))


def traces(session: Session, values: Mapping[str, str]) -> dict[str, int]:
    """Places that still hold one of these values (account, number), and in how many rows."""
    counts = [
        select(literal(place), func.count())
        .select_from(table)
        .where(table.c[column] == values[holds])
        for holds, places in load().holds.items()
        for place in places
        for table, column in [_column(place)]
    ]
    return {place: rows for place, rows in session.execute(union_all(*counts)) if rows}


def _column(place: str) -> tuple[Any, str]:
    table, _, column = place.partition(".")
    return Base.metadata.tables[table], column
