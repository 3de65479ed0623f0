"""The schema that migrations make, and the ledger that only grows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, inspect, text
from sqlalchemy.exc import DBAPIError

from portal.store.engine import Store, make_engine
from portal.store.migrate import config, upgrade
from portal.store.tables import Base, Event

pytestmark = pytest.mark.usefixtures("both_databases")


NOW = datetime(2026, 11, 22, tzinfo=UTC)


def event(name: str) -> Event:
    return Event(id=name, at=NOW, journey_id="j", kind="k", actor="a", facts={}, hash="")


def test_migrations_make_what_the_models_say(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, Base.metadata) == []


def test_up_down_up(blank_database_url: Callable[[], str]) -> None:
    engine = make_engine(blank_database_url())
    upgrade(engine)
    with engine.begin() as connection:
        command.downgrade(config(connection), "base")
    assert inspect(engine).get_table_names() == ["alembic_version"]
    upgrade(engine)
    assert set(Base.metadata.tables) < set(inspect(engine).get_table_names())
    engine.dispose()


def test_starting_together_is_safe(blank_database_url: Callable[[], str]) -> None:
    engines = [make_engine(url) for url in [blank_database_url()] * 4]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, engines))
    assert inspect(engines[0]).has_table("event")
    for engine in engines:
        engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'b'", "DELETE FROM event"])
def test_an_event_can_be_neither_changed_nor_removed(store: Store, statement: str) -> None:
    with store.begin() as session:
        session.add(event("one"))
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(text(statement))


@pytest.mark.parametrize("both_databases", ["postgresql"], indirect=True)
def test_events_can_not_be_truncated(store: Store) -> None:
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(text("TRUNCATE event"))


@pytest.mark.parametrize("both_databases", ["sqlite"], indirect=True)
@pytest.mark.parametrize("same", [{"seq": 1, "id": "two"}, {"seq": 2, "id": "one"}])
def test_an_event_can_not_be_replaced(store: Store, same: dict[str, object]) -> None:
    with store.begin() as session:
        session.add(event("one"))
    row = {
        "at": datetime(2026, 11, 22, tzinfo=UTC),
        "journey_id": "j",
        "kind": "k",
        "actor": "b",
        "facts": {},
        "hash": "",
    }
    replace = insert(Event).prefix_with("OR REPLACE").values(row | same)
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(replace)
