"""What somebody would write by hand to remove a person: one statement, one transaction a step."""

from collections.abc import Iterator

from sqlalchemy import Engine, text

from portal.accounts.sample import DATAMAP
from portal.accounts.sql.datamap import DataMap
from portal.accounts.sql.parts import IDENTITIES, Fate, Part, Treatment, Whose
from portal.accounts.system import Scope

_WRITTEN = {
    Fate.NULL: "NULL",
    Fate.SUCCESSOR: "NULL",
    Fate.HEIR: "NULL",
    Fate.NOW: "0",
    Fate.YEAR: "0",
}


def _statements() -> Iterator[tuple[Whose, str]]:
    """The same rows and columns as the data map's parts, and nothing around them.

    Also what is kept is only deleted, which is less than the adapter does.
    """
    for part in DataMap.load(DATAMAP).parts:
        ids = ", ".join(f":id{n}" for n in range(3))
        where = f"WHERE {part.by} IN ({ids})"
        if part.leaves:
            yield part.whose, f"DELETE FROM {_table(part)} {where}"  # noqa: S608
        else:
            sets = ", ".join(f"{c} = {_value(c, t)}" for c, t in part.treated.items())
            yield part.whose, f"UPDATE {_table(part)} SET {sets} {where}"  # noqa: S608


def _table(part: Part) -> str:
    return f'"{part.table}"'


def _value(column: str, treatment: Treatment) -> str:
    if treatment.fate is Fate.SHARE:
        return column
    if treatment.fate is Fate.VALUE:
        value = treatment.value
        return str(value).upper() if isinstance(value, bool) else f"'{value}'"
    return _WRITTEN.get(treatment.fate, "'closed-' || :id0")


STATEMENTS = [(whose, text(sql)) for whose, sql in _statements()]


def erase_by_hand(engine: Engine, scope: Scope) -> None:
    number = f"number of {scope.account_id}"
    for whose, statement in STATEMENTS:
        ids = scope.identity_ids if whose in IDENTITIES else [scope.account_id]
        ids = [number] if whose is Whose.NUMBER else ids
        padded = [*ids, ids[0], ids[0]][:3]
        with engine.begin() as connection:
            connection.execute(statement, {f"id{n}": one for n, one in enumerate(padded)})
