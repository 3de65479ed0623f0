"""What is open, the most urgent first; what is late; how many end when.

Every statement reads a bounded piece of the index over (state, promise_at), however many closures
there are.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from heapq import merge

from sqlalchemy import func, literal, select, tuple_
from sqlalchemy.orm import Session

from portal.clock import SHANGHAI
from portal.closure import brake
from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, State
from portal.services import Services
from portal.store.base import Instant
from portal.store.tables import Brake, Closure

PAGE = 50
DAYS = 7
_RUNNING = (State.PENDING, State.ERASING)
"""States in which the promise runs; while held it stands still."""

Place = tuple[datetime, str]
"""Where a page begins: after the closure with this promise and reference."""


@dataclass(frozen=True)
class Page:
    closures: tuple[Closure, ...]
    following: Place | None
    """Where the next page begins; None on the last one."""


@dataclass(frozen=True)
class Day:
    """How many closures have to be closed on a day, in Shanghai."""

    day: date
    closures: int


@dataclass(frozen=True)
class Overview:
    counts: dict[State, int]
    overdue: int
    late_holds: tuple[Closure, ...]
    days: tuple[Day, ...]
    brake: Brake | None
    """On while no erasing begins for anybody."""


def page(
    services: Services,
    states: tuple[State, ...] = OPEN,
    reason: Reason | None = None,
    after: Place | None = None,
) -> Page:
    """One page of closures in these states, or of those held for a reason; by promise."""
    wanted = [Closure.hold_reason == reason] if reason else []
    if after:
        at, reference = after
        place = tuple_(literal(at, Instant()), reference)
        wanted.append(tuple_(Closure.promise_at, Closure.reference) > place)
    with services.store.begin() as session:
        found = [
            session.scalars(
                select(Closure)
                .where(Closure.state == state, *wanted)
                .order_by(Closure.promise_at, Closure.reference)
                .limit(PAGE + 1)
            ).all()
            for state in ((State.HELD,) if reason else states)
        ]
    first = list(merge(*found, key=_place))[: PAGE + 1]
    following = _place(first[PAGE - 1]) if len(first) > PAGE else None
    return Page(tuple(first[:PAGE]), following)


def overview(services: Services) -> Overview:
    """Counts by open state, what is overdue, holds past their day, and the coming days."""
    now = services.clock()
    with services.store.begin() as session:
        counts = select(Closure.state, func.count()).where(Closure.state.in_(OPEN))
        found = {
            State(state): number
            for state, number in session.execute(counts.group_by(Closure.state))
        }
        running = select(func.count()).where(Closure.state.in_(_RUNNING))
        return Overview(
            {state: found.get(state, 0) for state in OPEN},
            session.scalar(running.where(Closure.promise_at < now)) or 0,
            late_holds(session, now),
            _days(session, now),
            brake.pulled(session),
        )


def late_holds(session: Session, now: datetime) -> tuple[Closure, ...]:
    """Holds that should have been looked at again by now, the longest overdue first."""
    late = select(Closure).where(Closure.state == State.HELD, Closure.review_by <= now)
    return tuple(session.scalars(late.order_by(Closure.review_by).limit(PAGE)))


def _days(session: Session, now: datetime) -> tuple[Day, ...]:
    today = now.astimezone(SHANGHAI).date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS)]
    starts = [datetime.combine(day, time(), SHANGHAI) for day in days]
    within = [(start, start + timedelta(days=1)) for start in starts]
    counts = (
        func.count().filter(Closure.promise_at >= max(since, now), Closure.promise_at < until)
        for since, until in within
    )
    found = session.execute(
        select(*counts).where(
            Closure.state.in_(_RUNNING),
            Closure.promise_at >= now,
            Closure.promise_at < within[-1][1],
        )
    ).one()
    return tuple(Day(day, number) for day, number in zip(days, found, strict=True))


def _place(closure: Closure) -> Place:
    return closure.promise_at, closure.reference
