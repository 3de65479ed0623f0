"""Holding the data map against the database it describes: what one has, the other must have.

ASVS 14.1.1: every column is classified. A table or column added without a thought about closing
stops the start, not the first closing. So does a column by which rows could belong to somebody
and no part finds them.
"""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Inspector

from portal.accounts.sql.bookkeeping import OWN_TABLES
from portal.accounts.sql.datamap import DataMap, Part


def problems(datamap: DataMap, inspector: Inspector) -> list[str]:
    """Every place where the map and the database differ, or where the map's order can't work."""
    found = {
        table: {column["name"] for column in columns}
        for (_, table), columns in inspector.get_multi_columns().items()
        if table not in OWN_TABLES
    }
    return [
        *_tables(datamap, found),
        *_columns(datamap, found),
        *_order(datamap, inspector),
        *_owners(datamap, inspector),
    ]


def _tables(datamap: DataMap, found: dict[str, set[str]]) -> Iterator[str]:
    mapped = {part.table for part in datamap.parts}
    for table in sorted(found.keys() - mapped - set(datamap.nobodys)):
        yield f"{table}: in the database, not in the map"
    for table in sorted((mapped | set(datamap.nobodys)) - found.keys()):
        yield f"{table}: in the map, not in the database"


def _columns(datamap: DataMap, found: dict[str, set[str]]) -> Iterator[str]:
    listed = chain(
        ((part.name, part.table, part.columns.keys()) for part in datamap.parts),
        ((table, table, set(columns)) for table, columns in datamap.nobodys.items()),
    )
    for name, table, columns in listed:
        there = found.get(table, columns)
        for column in sorted(there ^ columns):
            side = "not in the map" if column in there else "not in the database"
            yield f"{name}: {column} is {side}"
    for place in _places(datamap):
        table, _, column = place.partition(".")
        if column not in found.get(table, {column}):
            yield f"{place}: in the map, not in the database"


def _places(datamap: DataMap) -> Iterator[str]:
    shares, number = datamap.sharing, datamap.number
    yield from (f"{shares.table}.{shares.row}", f"{shares.table}.{shares.identity}")
    yield f"{number.table}.{number.column}"


def _order(datamap: DataMap, inspector: Inspector) -> Iterator[str]:
    """Rows can only be deleted after whatever refers to them has let go."""
    deleted = {part.table: at for at, part in enumerate(datamap.parts) if part.deletes}
    for (_, table), keys in inspector.get_multi_foreign_keys().items():
        for key in keys:
            last = deleted.get(key["referred_table"])
            column = key["constrained_columns"][0]
            if last is not None and not _lets_go(datamap.parts[:last], table, column):
                yield f"{table}.{column}: still refers to {key['referred_table']} when that goes"


def _owners(datamap: DataMap, inspector: Inspector) -> Iterator[str]:
    """A row may have this owner and no other: whatever refers to an owner must be looked through.

    Owners are the tables whose own ids rows are found by, account and identity.
    """
    owners = {part.table for part in datamap.parts if part.by == "id"}
    found_by = {(part.table, part.by) for part in datamap.parts}
    for (_, table), keys in inspector.get_multi_foreign_keys().items():
        for key in keys:
            owner, column = key["referred_table"], key["constrained_columns"][0]
            if owner in owners and table not in owners and (table, column) not in found_by:
                yield f"{table}.{column}: refers to {owner}, but no part finds rows by it"


def _lets_go(earlier: tuple[Part, ...], table: str, column: str) -> bool:
    return any(
        part.table == table and part.by == column and (part.deletes or column in part.treated)
        for part in earlier
    )
