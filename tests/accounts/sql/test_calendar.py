from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Connection, literal, select

from portal.accounts.sql.calendar import end_of_term, start_of_year
from portal.clock import SHANGHAI
from portal.closure.conditions import last_day
from portal.store.base import Instant
from portal.store.engine import make_engine

SECONDS = st.integers(700_000_000, 4_000_000_000)
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""From 1992, since when Shanghai knows no summer time."""


@pytest.fixture
def connection(blank_database_url: Callable[[], str], both_databases: str) -> Iterator[Connection]:
    engine = make_engine(blank_database_url())
    with engine.begin() as begun:
        yield begun
    engine.dispose()


def reckoned(connection: Connection, what: ColumnElement[datetime]) -> datetime:
    found = connection.scalar(select(what))
    assert found is not None
    return found.astimezone(SHANGHAI)


def test_a_term_of_months_ends_with_the_day_that_the_civil_code_says(
    connection: Connection,
) -> None:
    @settings(max_examples=300, deadline=None)
    @given(INSTANTS)
    def holds(at: datetime) -> None:
        over = reckoned(connection, end_of_term(literal(at, Instant()), 3))
        assert over.date() == last_day(at) + timedelta(days=1)
        assert (over.hour, over.minute, over.second, over.microsecond) == (0, 0, 0, 0)

    holds()


@pytest.mark.parametrize(
    ("since", "months", "over"),
    [
        ((2026, 8, 31), 6, (2027, 3, 1)),
        ((2024, 2, 29), 36, (2027, 3, 1)),
        ((2026, 11, 22), 36, (2029, 11, 23)),
        ((2026, 12, 31), 6, (2027, 7, 1)),
    ],
)
def test_months_without_such_a_day_end_with_their_last(
    connection: Connection,
    since: tuple[int, int, int],
    months: int,
    over: tuple[int, int, int],
) -> None:
    begins = datetime(*since, 23, 59, tzinfo=SHANGHAI)
    found = reckoned(connection, end_of_term(literal(begins, Instant()), months))
    assert found == datetime(*over, tzinfo=SHANGHAI)


def test_a_year_begins_in_shanghai(connection: Connection) -> None:
    @settings(max_examples=100, deadline=None)
    @given(INSTANTS)
    def holds(at: datetime) -> None:
        year = at.astimezone(SHANGHAI).year
        begins = datetime(year, 1, 1, tzinfo=SHANGHAI)
        assert reckoned(connection, start_of_year(literal(at, Instant()))) == begins

    holds()


def test_what_has_no_beginning_has_no_end(connection: Connection) -> None:
    nothing = literal(None, Instant())
    assert connection.scalar(select(end_of_term(nothing, 3))) is None
    assert connection.scalar(select(start_of_year(nothing))) is None
