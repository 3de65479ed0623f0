"""The portal in figures, read from the database when somebody asks.

No process counts anything: there are many, on many hosts, and they die. Each figure is one read
whose cost grows with what is going on or happened in a day, not with all there ever was.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.closure.lifecycle import OPEN, State
from portal.closure.overdue import is_overdue
from portal.identity import challenge
from portal.store import alerts, tasks
from portal.store.tables import (
    Alert,
    Anchor,
    Brake,
    Challenge,
    Closure,
    ErasureStep,
    Event,
    Message,
    Task,
)

DAY = timedelta(days=1)
ENDED = tuple(state for state in State if state not in OPEN)
_MOST = 100_000
"""Due tasks that are looked at; of more than these the oldest."""
_MS = timedelta(milliseconds=1)
_FAILED = Task.attempts > literal_column("0")
"""A literal, as in the index that holds only these: a bound value could be anything."""


@dataclass(frozen=True)
class Due:
    """Tasks that are due and in nobody's hands."""

    number: int = 0
    oldest: timedelta = timedelta(0)


@dataclass(frozen=True)
class Failing:
    """Tasks whose last try failed, and those of them that need an operator."""

    number: int = 0
    stuck: int = 0


@dataclass(frozen=True)
class Steps:
    """The erasure steps of a day; one that was answered from its record counts too."""

    number: int
    total: timedelta
    longest: timedelta


@dataclass(frozen=True)
class Figures:
    open_closures: Mapping[str, int]
    """By state."""
    ended_closures: Mapping[str, int]
    """By state, within the last day."""
    overdue_closures: int
    due: Mapping[str, Due]
    """By kind of task."""
    failing: Mapping[str, Failing]
    """By kind of task."""
    steps: Mapping[str, Steps]
    """By category of data, within the last day."""
    messages: Mapping[tuple[str, ...], int]
    """By kind and state; a message is known for about a day after it was decided."""
    codes: Mapping[str, int]
    """By state, of registered numbers; a code is known for about twelve hours."""
    last_event: int
    """The number of the newest event: the length of the ledger."""
    unanchored: int
    """How far the newest event is ahead of the last anchor."""
    anchor_age: timedelta | None
    open_alerts: Mapping[str, int]
    """By kind."""
    brake: bool


def read(session: Session, now: datetime, tries: int) -> Figures:
    """``tries`` is after how many failures in a row a task needs an operator."""
    last_event = session.scalar(select(func.max(Event.seq))) or 0
    anchor = session.scalar(select(Anchor).order_by(Anchor.number.desc()).limit(1))
    today = Closure.changed_at > now - DAY
    return Figures(
        open_closures=_counts(session, Closure.state, OPEN, Closure.state.in_(OPEN)),
        ended_closures=_counts(session, Closure.state, ENDED, Closure.state.in_(ENDED), today),
        overdue_closures=sum(_counts(session, Closure.state, (), is_overdue(now)).values()),
        due=_due(session, now),
        failing=_failing(session, tries),
        steps=_steps(session, now),
        messages=_messages(session),
        codes=_counts(session, Challenge.state, challenge.State, Challenge.account_id.is_not(None)),
        last_event=last_event,
        unanchored=max(0, last_event - (anchor.last_seq if anchor else 0)),
        anchor_age=now - anchor.at if anchor else None,
        open_alerts=_counts(session, Alert.kind, alerts.Kind, Alert.acknowledged_at.is_(None)),
        brake=session.scalar(select(Brake.id).where(Brake.lifted_at.is_(None))) is not None,
    )


def oldest_due(session: Session, now: datetime) -> timedelta:
    """For how long work has waited that is due and in nobody's hands.

    Downloads wait for each other; nothing else does for them.
    """
    usual = Task.kind != tasks.Kind.DOWNLOAD
    since = session.scalar(select(func.min(Task.due_at)).where(_waits(now), usual))
    return now - since if since else timedelta(0)


def _waits(now: datetime) -> ColumnElement[bool]:
    return and_(Task.due_at <= now, or_(Task.lease_until.is_(None), Task.lease_until <= now))


def _counts(
    session: Session,
    by: InstrumentedAttribute[str],
    known: Iterable[str],
    *conditions: ColumnElement[bool],
) -> dict[str, int]:
    """How many rows there are of each value, none of a known one included."""
    found = session.execute(select(by, func.count()).where(*conditions).group_by(by))
    return {str(value): 0 for value in known} | dict(found.all())


def _due(session: Session, now: datetime) -> dict[str, Due]:
    # In this order and cut, so that it can only be read by when tasks are due.
    waiting = select(Task.kind, Task.due_at).where(_waits(now)).order_by(Task.due_at)
    some = waiting.limit(_MOST).subquery()
    by_kind = select(some.c.kind, func.count(), func.min(some.c.due_at)).group_by(some.c.kind)
    found = session.execute(by_kind)
    return {kind: Due() for kind in map(str, tasks.Kind)} | {
        kind: Due(number, now - oldest) for kind, number, oldest in found
    }


def _failing(session: Session, tries: int) -> dict[str, Failing]:
    stuck = func.sum(case((Task.attempts >= tries, 1), else_=0))
    failed = select(Task.kind, func.count(), stuck).where(_FAILED)
    found = session.execute(failed.group_by(Task.kind))
    return {kind: Failing() for kind in map(str, tasks.Kind)} | {
        kind: Failing(number, int(needing)) for kind, number, needing in found
    }


def _steps(session: Session, now: datetime) -> dict[str, Steps]:
    took = ErasureStep.took_ms
    done = select(ErasureStep.category, func.count(), func.sum(took), func.max(took))
    today = done.where(ErasureStep.done_at > now - DAY, took.is_not(None))
    return {
        category: Steps(number, int(total or 0) * _MS, (longest or 0) * _MS)
        for category, number, total, longest in session.execute(
            today.group_by(ErasureStep.category)
        )
    }


def _messages(session: Session) -> dict[tuple[str, ...], int]:
    kept = select(Message.kind, Message.state, func.count())
    found = session.execute(kept.group_by(Message.kind, Message.state))
    return {(kind, state): number for kind, state, number in found}
