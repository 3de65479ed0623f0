"""The portal's own data map: complete, and held against the live database."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from sqlalchemy import inspect

from portal.store import datamap
from portal.store.datamap import OwnMap
from portal.store.engine import Store
from portal.store.tables import Base, Challenge
from tests.fakes import FakeClock

Change = Callable[[dict[str, Any]], object]


@pytest.mark.usefixtures("both_databases")
def test_the_map_and_the_database_agree(store: Store) -> None:
    assert datamap.problems(inspect(store.engine)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda t: t.pop("farewell"), "farewell: in the database, not in the map"),
        (lambda t: t.update(odd=t["task"]), "odd: in the map, not in the database"),
        (
            lambda t: t["farewell"]["columns"].remove("sealed"),
            "farewell.sealed: in only one of map and database",
        ),
        (
            lambda t: t["farewell"]["columns"].append("extra"),
            "farewell.extra: in only one of map and database",
        ),
        (lambda t: t["farewell"].pop("en"), "farewell: no label"),
        (lambda t: t["farewell"].pop("at_closing"), "farewell: no action"),
        (lambda t: t["message"].pop("until"), "message: no term"),
        (lambda t: t["brake"]["columns"].update(cause=""), "brake: cause has no action"),
    ],
)
def test_what_is_wrong_is_named(
    store: Store, monkeypatch: pytest.MonkeyPatch, change: Change, problem: str
) -> None:
    tables = deepcopy(dict(datamap.load().tables))
    change(tables)
    monkeypatch.setattr(datamap, "load", lambda: OwnMap(tables, {}))
    assert datamap.problems(inspect(store.engine)) == [problem]


def test_whatever_holds_an_account_or_a_number_is_looked_through() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.c
        if column.name in {"account_id", "account_digest", "number"} and table.name != "anchor"
    }
    assert named == {place for places in datamap.load().holds.values() for place in places}


@pytest.mark.usefixtures("both_databases")
def test_a_trace_is_found_by_place_and_number(store: Store, clock: FakeClock) -> None:
    row = {
        "number": "n",
        "account_id": "a",
        "reserved": False,
        "code_mac": "",
        "state": "",
        "tries": 0,
    }
    with store.begin() as session:
        session.add(Challenge(id="1", created_at=clock(), expires_at=clock(), **row))
        session.flush()
        found = datamap.traces(session, {"account": "a", "number": "n", "account_digest": "d"})
        other = datamap.traces(session, {"account": "b", "number": "m", "account_digest": "d"})
    assert found == {"challenge.account_id": 1, "challenge.number": 1}
    assert other == {}
