"""Holding the data map against the database it describes: what one has, the other must have.

ASVS 14.1.1: every column is classified. A table or column added without a thought about closing
stops the start, not the first closing. So does a column by which rows could belong to somebody
and no part finds them, and one that people could not be told about because it has no label.
"""

from collections.abc import Iterator
from itertools import chain

from sqlalchemy import Inspector

from portal.accounts.sql.bookkeeping import OWN_TABLES
from portal.accounts.sql.datamap import ITSELF, DataMap
from portal.accounts.sql.parts import Fate, Part, Treatment

Found = dict[str, dict[str, bool]]
"""The database's columns by table, and whether they may be empty."""


def problems(datamap: DataMap, inspector: Inspector) -> list[str]:
    """Every place where the map and the database differ, or where the map's order can't work."""
    every = {
        table: {column["name"]: bool(column["nullable"]) for column in columns}
        for (_, table), columns in inspector.get_multi_columns().items()
    }
    found = {table: columns for table, columns in every.items() if table not in OWN_TABLES}
    refers = references(inspector)
    return [
        *_own(every),
        *_tables(datamap, found),
        *_columns(datamap, found),
        *_places(datamap, found, inspector),
        *_labels(datamap, found),
        *_handouts(datamap),
        *_terms(datamap, found),
        *_pools(datamap, found, refers),
        *_endless(datamap),
        *_order(datamap, refers),
        *_owners(datamap, refers),
    ]


def _own(every: Found) -> Iterator[str]:
    """The adapter makes its tables where they are missing, and changes none that is there."""
    for name, table in OWN_TABLES.items():
        there = every.get(name, table.columns)
        for column in table.columns.keys():  # noqa: SIM118 - iterated, columns are no names
            if column not in there:
                yield f"{name}: {column} is missing, an earlier version made this table"


def _tables(datamap: DataMap, found: Found) -> Iterator[str]:
    mapped = {part.table for part in datamap.parts}
    for table in sorted(found.keys() - mapped - set(datamap.nobodys)):
        yield f"{table}: in the database, not in the map"
    for table in sorted((mapped | set(datamap.nobodys)) - found.keys()):
        yield f"{table}: in the map, not in the database"


def _columns(datamap: DataMap, found: Found) -> Iterator[str]:
    listed = chain(
        ((part.name, part.table, part.columns.keys()) for part in datamap.parts),
        ((table, table, set(columns)) for table, columns in datamap.nobodys.items()),
    )
    for name, table, columns in listed:
        there = found.get(table, dict.fromkeys(columns)).keys()
        for column in sorted(there ^ columns):
            side = "not in the map" if column in there else "not in the database"
            yield f"{name}: {column} is {side}"


def _places(datamap: DataMap, found: Found, inspector: Inspector) -> Iterator[str]:
    """The columns that the map speaks of besides the parts' own, and that searching is cheap."""
    shares = datamap.sharing
    sharing = (f"{shares.table}.{shares.row}", f"{shares.table}.{shares.identity}")
    works = datamap.succession
    heirs = (f"{works.table}.{works.identity}", f"{works.table}.{works.company}")
    unique = set(chain.from_iterable(datamap.unique.values()))
    for place in (*sharing, *heirs, *sorted(unique)):
        table, _, column = place.partition(".")
        if column not in found.get(table, ()):
            yield f"{place}: in the map, not in the database"
        elif not _is_indexed(inspector, table, column):
            yield f"{place}: has no index"
    for part in datamap.parts:
        if part.whose in datamap.unique and part.place not in datamap.unique[part.whose]:
            yield f"{part.place}: found by the {part.whose}, not among the places of [unique]"


def _is_indexed(inspector: Inspector, table: str, column: str) -> bool:
    indexes = {index["column_names"][0] for index in inspector.get_indexes(table)}
    unique = {one["column_names"][0] for one in inspector.get_unique_constraints(table)}
    return column in indexes | unique


def _labels(datamap: DataMap, found: Found) -> Iterator[str]:
    for table, columns in sorted(found.items()):
        for column in (ITSELF, *sorted(columns)):
            if datamap.label(table, column) is None:
                yield f"{table if column == ITSELF else f'{table}.{column}'}: without label"
    everywhere = set(chain.from_iterable(found.values()))
    for table, labels in datamap.labels.items():
        own = {ITSELF, *found[table]} if table in found else set()
        there = everywhere if table == ITSELF else own
        for column in sorted(labels.keys() - there):
            yield f"{table}.{column}: has a label, not in the database"


def _handouts(datamap: DataMap) -> Iterator[str]:
    """Of every column it must be decided whether a download shows it (PIPL 45)."""
    for part in datamap.parts:
        handout = datamap.handout(part)
        shown, withheld = set(handout.shown), set(handout.withheld)
        for column in sorted(part.columns.keys() ^ (shown | withheld)):
            yield f"{part.name}: {column} is neither shown nor withheld, or no column"
        for column in sorted(shown & withheld):
            yield f"{part.name}: {column} is both shown and withheld"
    known = {name for part in datamap.parts for name in (part.table, part.name)}
    for name in sorted(datamap.handouts.keys() - known):
        yield f"{name}: has a download, not in the map"


def _terms(datamap: DataMap, found: Found) -> Iterator[str]:
    """What is kept must come to an end."""
    for part in datamap.parts:
        if part.since and found.get(part.table, {}).get(part.since[-1]):
            yield f"{part.name}: {part.since[-1]} may be empty, then the term never ends"


def _pools(datamap: DataMap, found: Found, refers: dict[str, str]) -> Iterator[str]:
    """What nobody takes over must come to an end too, and be possible to end."""
    company = datamap.succession.company
    for pool in datamap.pools:
        name, columns = pool.part.name, found.get(pool.part.table, {})
        if company not in columns:
            yield f"{name}: has a pool, but no {company}"
        for column in pool.emptied:
            if not columns.get(column):
                yield f"{name}: {column} can't be empty"
        if not pool.emptied and pool.part.table in refers.values():
            yield f"{name}: others refer to its rows, they can't be deleted"


def _endless(datamap: DataMap) -> Iterator[str]:
    """Rows that are reserved for nobody and pass on to nobody fall to the company."""
    pooled = {pool.part.name for pool in datamap.pools}
    for part in datamap.parts:
        nobodys = part.reserved is False and part.treated.get(part.by) == Treatment(Fate.NULL)
        if nobodys and part.name not in pooled:
            yield f"{part.name}: stays in its company's pool for ever"


def _order(datamap: DataMap, refers: dict[str, str]) -> Iterator[str]:
    """Rows can only leave after whatever refers to them has let go."""
    leaving = {part.table: at for at, part in enumerate(datamap.parts) if part.leaves}
    for place, referred in refers.items():
        last = leaving.get(referred)
        if last is not None and not _lets_go(datamap.parts[:last], place):
            yield f"{place}: still refers to {referred} when that goes"


def _owners(datamap: DataMap, refers: dict[str, str]) -> Iterator[str]:
    """A row may have this owner and no other: whatever refers to an owner must be looked through.

    Owners are the tables whose own ids rows are found by, account and identity.
    """
    owners = {part.table for part in datamap.parts if part.by == "id"}
    found_by = {part.place for part in datamap.parts}
    for place, owner in refers.items():
        if owner in owners and place.partition(".")[0] not in owners and place not in found_by:
            yield f"{place}: refers to {owner}, but no part finds rows by it"


def references(inspector: Inspector) -> dict[str, str]:
    """The table that each column (table.column) refers to."""
    return {
        f"{table}.{key['constrained_columns'][0]}": key["referred_table"]
        for (_, table), keys in inspector.get_multi_foreign_keys().items()
        for key in keys
    }


def _lets_go(earlier: tuple[Part, ...], place: str) -> bool:
    return any(part.place == place and (part.leaves or part.by in part.treated) for part in earlier)
