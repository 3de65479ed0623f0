"""How often something may happen: sliding windows, counted in SQL.

A bucket is the thing that is limited. Concurrent takers of one bucket queue up at its row until
the transaction ends, always in the order of the names, so that they can't wait for each other in
a ring. A refused use is not counted: the instant that was shown stays true.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.store.tables import LimitBucket, LimitHit


@dataclass(frozen=True)
class Limit:
    """At most ``maximum`` uses within any ``window``."""

    name: str
    window: timedelta
    maximum: int


Buckets = Mapping[str, Sequence[Limit]]
"""Limits by the name of the bucket they hold for. Names carry digests, never personal data."""


class LimitedError(Exception):
    """A limit is reached. ``limit`` is its name; after ``until`` there is room again."""

    def __init__(self, limit: str, until: datetime) -> None:
        super().__init__(limit)
        self.limit = limit
        self.until = until


def take(
    session: Session, buckets: Buckets, now: datetime, *, spared: Collection[str] = ()
) -> None:
    """Count one use of every bucket but the spared ones, or none at all.

    Spared buckets too must have room. Raises LimitedError.
    """
    queue_up(session, buckets, now)
    if full := reached(session, buckets, now):
        raise full
    count(session, [name for name in buckets if name not in spared], now)


def queue_up(session: Session, buckets: Iterable[str], now: datetime) -> None:
    """Wait until no other transaction is taking from these buckets; then it is this one's turn."""
    upsert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    rows = [{"name": name, "touched_at": now} for name in sorted(buckets)]
    session.execute(
        upsert(LimitBucket)
        .values(rows)
        .on_conflict_do_update(index_elements=["name"], set_={"touched_at": now})
    )


def reached(session: Session, buckets: Buckets, now: datetime) -> LimitedError | None:
    """The limit that is reached and lasts longest; None if all these buckets have room."""
    errors = [
        LimitedError(limit.name, at + limit.window)
        for bucket, limits in buckets.items()
        for limit in limits
        if (at := _hit_that_must_age(session, bucket, limit, now)) is not None
    ]
    return max(errors, key=lambda error: error.until, default=None)


def count(session: Session, buckets: Iterable[str], now: datetime) -> None:
    """Count one use of every bucket, full or not."""
    session.execute(insert(LimitHit), [{"bucket": name, "at": now} for name in buckets])


def clear(session: Session, buckets: Iterable[str]) -> None:
    """Forget every use of these buckets."""
    session.execute(delete(LimitHit).where(LimitHit.bucket.in_(list(buckets))))


def prune(session: Session, before: datetime) -> None:
    """Forget all uses before this instant, and buckets that nobody touched since."""
    session.execute(delete(LimitHit).where(LimitHit.at < before))
    # Rows that somebody holds stay: waiting for them here could close a ring.
    idle = (
        select(LimitBucket.name)
        .where(LimitBucket.touched_at < before)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(LimitBucket).where(LimitBucket.name.in_(idle)))


def _hit_that_must_age(
    session: Session, bucket: str, limit: Limit, now: datetime
) -> datetime | None:
    """The use that has to leave the window before there is room; None if there is room now."""
    return session.scalar(
        select(LimitHit.at)
        .where(LimitHit.bucket == bucket, LimitHit.at > now - limit.window)
        .order_by(LimitHit.at.desc())
        .offset(limit.maximum - 1)
        .limit(1)
    )
