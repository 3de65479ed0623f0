"""The states of a closure, the moves between them, and the one way to make a move.

A move is a guarded UPDATE: it happens only from a state the table allows, decided by the
database, so of two that race exactly one wins (ASVS 2.3.1, 2.3.4, 15.4.2).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from portal.store.tables import Closure


class State(StrEnum):
    PENDING = "pending"
    """核查中: submitted, under review, can be restored."""
    HELD = "held"
    """已暂停: something must be settled first (三.5)."""
    RESTORED = "restored"
    """已恢复: the person changed their mind (三.4)."""
    REFUSED = "refused"
    """未通过: a reviewer ended it, with a reason (PIPL 50)."""
    ERASING = "erasing"
    """处理中: no way back from here."""
    CLOSED = "closed"
    """已注销: said only after the result was checked."""


OPEN = (State.PENDING, State.HELD, State.ERASING)
RESTORABLE = (State.PENDING, State.HELD)

SOURCES: dict[State, tuple[State, ...]] = {
    State.HELD: (State.PENDING,),
    State.PENDING: (State.HELD,),
    State.RESTORED: RESTORABLE,
    State.REFUSED: RESTORABLE,
    State.ERASING: (State.PENDING,),
    State.CLOSED: (State.ERASING,),
}
"""From which states each state can be reached."""


class MovedOnError(Exception):
    """The closure is no longer in a state from which this move is possible."""


def move(
    session: Session,
    closure_id: str,
    to: State,
    now: datetime,
    *conditions: ColumnElement[bool],
    **values: object,
) -> Closure:
    """Move the closure and set ``values`` with it; answer it as it is now.

    Raises MovedOnError when its state, or one of the further conditions, does not allow it.
    """
    moved = session.scalars(
        update(Closure)
        .where(Closure.id == closure_id, Closure.state.in_(SOURCES[to]), *conditions)
        .values(state=to, changed_at=now, version=Closure.version + 1, **values)
        .returning(Closure),
        execution_options={"populate_existing": True},
    ).one_or_none()
    if moved is None:
        raise MovedOnError(closure_id, to)
    return moved


def recover(session: Session, closure_id: str, now: datetime) -> Closure:
    """Move an open closure to ``erasing`` because it is known to have been there.

    Not a move of the table: only after an old backup was restored (see ``reconcile``).
    """
    return session.scalars(
        update(Closure)
        .where(Closure.id == closure_id, Closure.state.in_(OPEN))
        .values(state=State.ERASING, changed_at=now, version=Closure.version + 1)
        .returning(Closure),
        execution_options={"populate_existing": True},
    ).one()


def by_reference(session: Session, reference: str) -> Closure | None:
    return session.scalar(select(Closure).where(Closure.reference == reference))


def reference_of(session: Session, closure_id: str) -> str | None:
    """What people call the closure; None for an id that is no closure's."""
    return session.scalar(select(Closure.reference).where(Closure.id == closure_id))


def open_of(session: Session, account_id: str) -> Closure | None:
    """The one closure of this account that is still open."""
    return session.scalar(
        select(Closure).where(Closure.account_id == account_id, Closure.state.in_(OPEN))
    )
