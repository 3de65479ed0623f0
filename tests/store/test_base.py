"""Instants go into the database and come out the same."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.dialects import sqlite

from portal.store.base import Instant
from portal.store.engine import Store
from portal.store.tables import LimitBucket, SignIn

aware = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(timedelta(hours=-3.5))])
)


def there_and_back(value: datetime) -> datetime | None:
    column, dialect = Instant(), sqlite.dialect()
    return column.process_result_value(column.process_bind_param(value, dialect), dialect)


@given(aware.filter(lambda at: 1 < at.year < 9999))
def test_an_instant_comes_back_to_the_microsecond(at: datetime) -> None:
    assert there_and_back(at) == at


@given(aware.filter(lambda at: 1 < at.year < 9999))
def test_an_instant_comes_back_in_utc(at: datetime) -> None:
    back = there_and_back(at)
    assert back is not None
    assert back.utcoffset() == timedelta(0)


def test_no_instant_stays_none(store: Store) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    with store.begin() as session:
        session.add(SignIn(token_hash="t", created_at=at, seen_at=at))
    with store.begin() as session:
        assert session.scalars(select(SignIn.account_id)).one() is None


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(TypeError):
        there_and_back(datetime(2026, 11, 22))  # noqa: DTZ001


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(times=st.lists(aware.filter(lambda at: 1900 < at.year < 2200), min_size=2, unique=True))
def test_the_database_orders_instants_by_time(
    store: Store, both_databases: str, times: list[datetime]
) -> None:
    with store.begin() as session:
        session.query(LimitBucket).delete()
        session.add_all(LimitBucket(name=at.isoformat(), touched_at=at) for at in times)
    with store.begin() as session:
        found = session.scalars(select(LimitBucket.touched_at).order_by(LimitBucket.touched_at))
        assert list(found) == sorted(times)
