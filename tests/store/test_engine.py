"""The promises that both databases keep."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.store.engine import LogInUseError, Store, empty_log, make_engine, reading
from portal.store.tables import LimitBucket, PrivateLink

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 10_000),
        ("secure_delete", 1),
    ],
)
def test_sqlite_is_set_to_be_safe(database_url: str, pragma: str, value: object) -> None:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        assert connection.scalar(text(f"PRAGMA {pragma}")) == value
    engine.dispose()


@pytest.mark.usefixtures("both_databases")
def test_a_block_that_ends_is_committed(store: Store) -> None:
    with store.begin() as session:
        session.add(bucket := LimitBucket(name="a", touched_at=NOW))
    assert bucket.touched_at == NOW
    with store.begin() as session:
        assert session.get(LimitBucket, "a") is not None


@pytest.mark.usefixtures("both_databases")
def test_a_block_that_raises_changes_nothing(store: Store) -> None:
    def write_and_fail() -> None:
        with store.begin() as session:
            session.add(LimitBucket(name="a", touched_at=NOW))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_and_fail()
    with store.begin() as session:
        assert session.get(LimitBucket, "a") is None


@pytest.mark.usefixtures("both_databases")
def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(PrivateLink(token_hash="t", closure_id="nobody", created_at=NOW))


@pytest.mark.usefixtures("both_databases")
def test_an_error_does_not_repeat_the_values(store: Store) -> None:
    with pytest.raises(DBAPIError) as error, store.begin() as session:
        session.execute(text("SELECT * FROM nothing WHERE a = :a"), {"a": "13800138000"})
    assert "13800138000" not in str(error.value)


@pytest.mark.usefixtures("both_databases")
def test_writers_that_read_first_lose_no_update(store: Store) -> None:
    with store.begin() as session:
        session.add(LimitBucket(name="a", touched_at=NOW))

    def count_up(_: int) -> None:
        with store.begin() as session:
            query = select(LimitBucket).where(LimitBucket.name == "a").with_for_update()
            row = session.scalars(query).one()
            row.touched_at = row.touched_at.replace(microsecond=row.touched_at.microsecond + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(80)))
    with store.begin() as session:
        assert session.scalars(select(LimitBucket.touched_at)).one().microsecond == 80


def test_sqlite_leaves_nothing_of_what_is_deleted(tmp_path: Path) -> None:
    path = tmp_path / "gone.db"
    engine = make_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (value TEXT)"))
        connection.execute(text("INSERT INTO t VALUES ('planted sentinel')"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM t"))
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert b"planted sentinel" not in path.read_bytes()


def test_the_log_is_emptied_into_the_database(store: Store, tmp_path: Path) -> None:
    with store.begin() as session:
        session.add(LimitBucket(name="a", touched_at=NOW))
    log = tmp_path / "portal.db-wal"
    assert log.stat().st_size > 0
    empty_log(store.engine)
    assert log.stat().st_size == 0


def test_a_log_that_somebody_reads_is_told(store: Store, tmp_path: Path) -> None:
    with store.begin() as session:
        session.add(LimitBucket(name="a", touched_at=NOW))
        session.execute(text("PRAGMA busy_timeout=20"))
    with closing(sqlite3.connect(tmp_path / "portal.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM limit_bucket").fetchone()
        with store.begin() as session:
            session.add(LimitBucket(name="b", touched_at=NOW))
        with pytest.raises(LogInUseError):
            empty_log(store.engine)


@pytest.mark.usefixtures("both_databases")
def test_emptying_the_log_loses_nothing(store: Store) -> None:
    with store.begin() as session:
        session.add(LimitBucket(name="a", touched_at=NOW))
    empty_log(store.engine)
    with store.begin() as session:
        assert session.get(LimitBucket, "a") is not None


def test_whoever_only_reads_keeps_nobody_from_writing(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/some.db")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    with reading(engine) as reader:
        assert reader.scalar(text("SELECT count(*) FROM t")) == 0
        with engine.begin() as writer:
            writer.execute(text("INSERT INTO t VALUES (1)"))
        assert reader.scalar(text("SELECT count(*) FROM t")) == 0
    engine.dispose()
