from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from portal.identity import limits
from portal.identity.limits import Buckets, Limit, LimitedError
from portal.store.engine import Store
from portal.store.tables import LimitBucket, LimitHit
from tests.races import at_once

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
FIVE = Limit("five", HOUR, 5)
TWO = Limit("two", timedelta(minutes=1), 2)


def take(store: Store, buckets: Buckets, now: datetime = NOW) -> LimitedError | None:
    try:
        with store.begin() as session:
            limits.take(session, buckets, now)
    except LimitedError as error:
        return error
    return None


def hits(store: Store) -> int:
    with store.begin() as session:
        return session.scalar(select(func.count()).select_from(LimitHit)) or 0


@pytest.mark.usefixtures("both_databases")
def test_the_maximum_passes_and_the_next_is_told_until_when(store: Store) -> None:
    times = [NOW + timedelta(minutes=n) for n in range(6)]
    assert [take(store, {"a": [FIVE]}, at) for at in times[:5]] == [None] * 5
    refused = take(store, {"a": [FIVE]}, times[5])
    assert refused is not None
    assert (refused.limit, refused.until) == ("five", NOW + HOUR)


def test_there_is_room_at_the_instant_that_was_told(store: Store) -> None:
    for _ in range(5):
        take(store, {"a": [FIVE]})
    assert take(store, {"a": [FIVE]}, NOW + HOUR - timedelta(microseconds=1))
    assert take(store, {"a": [FIVE]}, NOW + HOUR) is None


def test_the_limit_that_lasts_longest_is_told(store: Store) -> None:
    for _ in range(5):
        take(store, {"a": [FIVE]})
    take(store, {"b": [TWO]})
    take(store, {"b": [TWO]})
    refused = take(store, {"a": [FIVE], "b": [TWO]})
    assert refused is not None
    assert refused.limit == "five"


def test_a_full_bucket_keeps_the_others_uncounted(store: Store) -> None:
    for _ in range(2):
        take(store, {"a": [TWO]})
    take(store, {"a": [TWO], "b": [FIVE]})
    assert hits(store) == 2


def test_buckets_do_not_touch_each_other(store: Store) -> None:
    for _ in range(5):
        take(store, {"a": [FIVE]})
    assert take(store, {"b": [FIVE]}) is None


def test_clearing_forgets_only_the_named_buckets(store: Store) -> None:
    take(store, {"a": [TWO], "b": [TWO]})
    with store.begin() as session:
        limits.clear(session, ["a"])
        assert session.scalars(select(LimitHit.bucket)).all() == ["b"]


@pytest.mark.usefixtures("both_databases")
def test_pruning_forgets_what_is_older_and_nothing_else(store: Store) -> None:
    take(store, {"old": [FIVE], "both": [FIVE]})
    take(store, {"both": [FIVE]}, NOW + HOUR)
    with store.begin() as session:
        limits.prune(session, NOW + HOUR)
    with store.begin() as session:
        assert session.scalars(select(LimitBucket.name)).all() == ["both"]
        assert session.scalars(select(LimitHit.at)).all() == [NOW + HOUR]


@pytest.mark.parametrize("both_databases", ["postgresql"])
def test_pruning_waits_for_nobody(store: Store, both_databases: str) -> None:
    take(store, {"old": [FIVE]})
    with store.begin() as taker, store.begin() as pruner:
        limits.queue_up(taker, ["old"], NOW + HOUR)
        pruner.execute(text("SET LOCAL lock_timeout = '1s'"))
        limits.prune(pruner, NOW + HOUR)
        assert pruner.scalars(select(LimitBucket.name)).all() == ["old"]


@pytest.mark.usefixtures("both_databases")
def test_of_many_at_once_only_the_maximum_passes(store: Store) -> None:
    refused = at_once(20, lambda _: take(store, {"a": [FIVE]}))
    assert refused.count(None) == 5
    assert hits(store) == 5


@pytest.mark.usefixtures("both_databases")
def test_takers_of_the_same_buckets_in_any_order_never_wait_in_a_ring(store: Store) -> None:
    """Without one order for all, PostgreSQL ends one of them with "deadlock detected"."""
    many = Limit("many", HOUR, 1000)

    def often(number: int) -> None:
        names = ("a", "b", "c") if number % 2 else ("c", "b", "a")
        for _ in range(10):
            take(store, {name: [many] for name in names})

    at_once(8, often)
    assert hits(store) == 8 * 10 * 3


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from([0, 1, 7, 30, 59, 60, 61, 600, 3600]), max_size=40))
def test_a_use_passes_exactly_when_every_window_has_room(store: Store, waits: list[int]) -> None:
    now, passed = NOW, list[datetime]()
    with store.begin() as session:
        for wait in waits:
            now += timedelta(seconds=wait)
            room = all(
                sum(at > now - limit.window for at in passed) < limit.maximum
                for limit in (TWO, FIVE)
            )
            refused = limits.reached(session, {"a": [TWO, FIVE]}, now)
            assert (refused is None) == room
            if room:
                limits.take(session, {"a": [TWO, FIVE]}, now)
                passed.append(now)
        session.rollback()
