"""The list of work: schedule, claim, extend, finish, put off.

SQL is the list, Redis only the doorbell. A task is claimed by one UPDATE that raises its epoch and
takes a lease; whoever lost the claim finds its epoch gone and stops. All functions work inside
the caller's transaction.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.store.tables import Task


class Kind(StrEnum):
    """What there is to do. The subject is the id of the row it is done for."""

    MESSAGE = "message"
    REVIEW = "review"
    ACCESS = "access"
    ERASE = "erase"
    REMIND = "remind"
    RELEASE = "release"
    """A hold that its owner's link made and that ends by itself."""
    RETENTION = "retention"
    KEPT = "kept"
    """Rows kept by law whose term is over."""
    ANCHOR = "anchor"
    DOWNLOAD = "download"
    """Takes as long as the person has rows: a queue of its own."""


@dataclass(frozen=True)
class Claim:
    """The right to do one task until the lease ends. ``epoch`` fences every write it makes."""

    id: str
    kind: Kind
    subject: str
    epoch: int
    attempts: int


class ClaimLostError(Exception):
    """Another worker holds the task now, or it was rescheduled or dropped: stop quietly."""


def schedule(session: Session, kind: Kind, subject: str, due_at: datetime) -> str:
    """Make the task due at this instant, whether or not it stands in the list; answer its id.

    Whoever holds the task loses it: what it was doing was decided by facts that have changed.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = (
        insert(Task)
        .values(id=uuid.uuid4().hex, kind=kind, subject=subject, due_at=due_at, epoch=0, attempts=0)
        .on_conflict_do_update(
            index_elements=["kind", "subject"],
            set_={
                "due_at": due_at,
                "epoch": Task.epoch + 1,
                "lease_until": None,
                "rung_at": None,
                "attempts": 0,
                "last_error": None,
            },
        )
        .returning(Task.id)
    )
    return session.execute(statement).scalar_one()


def ensure(session: Session, kind: Kind, subject: str, due_at: datetime) -> None:
    """Put the task in the list unless it stands there already."""
    known = select(Task.id).where(Task.kind == kind, Task.subject == subject)
    if session.scalar(known) is None:
        schedule(session, kind, subject, due_at)


def due_at(session: Session, kind: Kind, subject: str) -> datetime | None:
    """When the task is due; None where it is not on the list."""
    mine = select(Task.due_at).where(Task.kind == kind, Task.subject == subject)
    return session.scalar(mine)


def hasten(session: Session, kind: Kind, subject: str, now: datetime) -> str | None:
    """Make a task that waits after a failure due now; answer its id, None if none waits so."""
    waiting = (Task.attempts > 0, Task.lease_until.is_(None), Task.due_at > now)
    mine = update(Task).where(Task.kind == kind, Task.subject == subject, *waiting)
    return session.scalar(mine.values(due_at=now, rung_at=None).returning(Task.id))


def drop(session: Session, kinds: Sequence[Kind], subject: str) -> None:
    """Take the subject's tasks of these kinds off the list; their holders lose them."""
    session.execute(delete(Task).where(Task.kind.in_(kinds), Task.subject == subject))


def due(
    session: Session,
    now: datetime,
    *,
    rung_before: datetime,
    limit: int,
    kinds: Sequence[Kind] = tuple(Kind),
) -> list[Task]:
    """Tasks that are due, held by nobody, and whose bell was not rung lately; oldest first."""
    return list(
        session.scalars(
            select(Task)
            .where(
                Task.kind.in_(kinds),
                Task.due_at <= now,
                or_(Task.lease_until.is_(None), Task.lease_until <= now),
                or_(Task.rung_at.is_(None), Task.rung_at <= rung_before),
            )
            .order_by(Task.due_at)
            .limit(limit)
        )
    )


def mark_rung(session: Session, ids: Sequence[str], now: datetime) -> None:
    """Remember, for the whole batch, that the bell was rung.

    A task that a quick worker has put off meanwhile waits for another ring; one that somebody is
    changing is not waited for, which could close a ring of transactions.
    """
    free = select(Task.id).where(Task.id.in_(ids), Task.due_at <= now)
    rung = update(Task).where(Task.id.in_(free.with_for_update(skip_locked=True)))
    session.execute(rung.values(rung_at=now))


def claim(
    session: Session, task_id: str, now: datetime, lease: timedelta, *, epochs: int = 1
) -> Claim:
    """Take a due task that nobody holds; its epoch goes up by ``epochs``. Raises ClaimLostError."""
    row = session.execute(
        update(Task)
        .where(
            Task.id == task_id,
            Task.due_at <= now,
            or_(Task.lease_until.is_(None), Task.lease_until <= now),
        )
        .values(epoch=Task.epoch + epochs, lease_until=now + lease)
        .returning(Task.kind, Task.subject, Task.epoch, Task.attempts)
    ).one_or_none()
    if row is None:
        raise ClaimLostError
    return Claim(task_id, Kind(row.kind), row.subject, row.epoch, row.attempts)


def extend(session: Session, held: Claim, now: datetime, lease: timedelta) -> None:
    """Prove that the task is still held and hold it longer. Raises ClaimLostError."""
    _write(session, held, lease_until=now + lease)


def finish(session: Session, held: Claim) -> None:
    """Take the done task off the list. Raises ClaimLostError."""
    done = delete(Task).where(Task.id == held.id, Task.epoch == held.epoch)
    if session.execute(done).rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLostError


def again(session: Session, held: Claim, due_at: datetime) -> None:
    """Done for now; the same row is due again later. Raises ClaimLostError."""
    _write(session, held, due_at=due_at, lease_until=None, rung_at=None, attempts=0)


def put_off(session: Session, held: Claim, due_at: datetime, error: str) -> None:
    """Failed: try again later. ``error`` names the kind of failure, nothing of its content.

    Raises ClaimLostError.
    """
    _write(
        session,
        held,
        due_at=due_at,
        lease_until=None,
        rung_at=None,
        attempts=held.attempts + 1,
        last_error=error[:80],
    )


def _write(session: Session, held: Claim, **values: object) -> None:
    changed = update(Task).where(Task.id == held.id, Task.epoch == held.epoch).values(**values)
    if session.execute(changed).rowcount != 1:  # type: ignore[attr-defined]
        raise ClaimLostError
