"""Values that stand nowhere else, in every text of a person that the map says must go."""

from collections.abc import Iterator
from itertools import count

from sqlalchemy import Connection, String, Table, select, update

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema import metadata
from portal.accounts.sql import people
from portal.accounts.sql.bookkeeping import metadata as own_tables
from portal.accounts.sql.parts import Part
from portal.accounts.sql.rows import Keys, Rows, bound
from tests.accounts.world import MAP, World

ROWS = Rows(metadata.tables, MAP, shared_too=False)
NEEDED = {"identity.role", "stored_file.path"}
"""Without the true value nothing could be erased: a role's rules, a file's place."""


def plant(world: World, person: Person) -> list[str]:
    """A sentinel in every such column of every row, and in every file; answers them all."""
    numbers = count(1)
    planted: list[str] = []

    def new() -> str:
        planted.append(f"ZQ{next(numbers):04}")
        return planted[-1]

    scope = world.scope(person)
    with world.engine.begin() as connection:
        keys = people.keys(connection, scope)
        for part in (action.part for action in ROWS.actions_of(keys) if not action.on_disk):
            table = ROWS.table(part)
            for row_id in _ids(connection, part, keys):
                new_values = {column: new() for column in _texts(part, table)}
                if new_values:
                    row = update(table).where(table.c.id == row_id)
                    connection.execute(row.values(new_values))
    for path in _files(world, person):
        (world.files / path).write_text(new())
    return planted


def _ids(connection: Connection, part: Part, keys: Keys) -> list[object]:
    mine = select(ROWS.table(part).c.id).where(ROWS.belongs(part))
    return list(connection.scalars(mine, bound(keys)))


def _texts(part: Part, table: Table) -> Iterator[str]:
    """The texts that go: all of a deleted row, those that change of one that stays or is kept."""
    gone = part.treated if part.treated or part.kept else part.columns
    for column in gone:
        if (
            isinstance(table.c[column].type, String)
            and not table.c[column].foreign_keys
            and column not in {"id", part.by}
            and f"{table.name}.{column}" not in NEEDED
        ):
            yield column


def _files(world: World, person: Person) -> list[str]:
    mine = {person.id, person.seeker_id}
    rows = world.dump()["stored_file"].values()
    return [row["path"] for row in rows if {row["account_id"], row["identity_id"]} & mine]


def everything(world: World) -> bytes:
    """All that the database and the files hold: SQLite's byte for byte, PostgreSQL's row by row."""
    if world.engine.dialect.name == "sqlite":
        return world.everything_on_disk()
    files = b"".join(path.read_bytes() for path in world.files.rglob("*") if path.is_file())
    return files + f"{world.dump()}{world.dump(own_tables)}".encode()
