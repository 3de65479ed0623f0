"""What an operator has to look at: rows, so that nobody's attention depends on a log.

One open row for each kind and subject; what happens again while it is open is counted there.
All functions work inside the caller's transaction.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.store.tables import Alert


class Kind(StrEnum):
    """What an alert is about; its subject is a closure's reference unless the kind says more."""

    TASK_FAILS = "task_fails"
    """A task has failed too often in a row; it is still tried."""
    RESIDUE = "residue"
    """The check found something left."""
    OVERDUE = "overdue"
    """Not closed by the instant that was promised."""
    BRAKE = "brake"
    """Erasing has stopped for everybody. Subject: the cause."""
    CLOCK = "clock"
    """The clock leapt. Subject: the process that noticed."""
    RESTORED_BACKUP = "restored_backup"
    """The database knows less than the witness folder. Subject: which of the two databases."""
    FROZEN_ALONE = "frozen_alone"
    """The account system holds a freeze for a closure that is not known or not open."""
    CLAIM = "claim"
    """Somebody showed a genuine receipt of a closure that is not known."""
    HELP_OVERDUE = "help_overdue"
    """A help case was not answered by the day that was promised. Subject: its number."""
    HOLD_LATE = "hold_late"
    """A hold was not looked at again by the day its reviewer set."""
    LEDGER = "ledger"
    """The ledger and its anchors differ. Subject: the part."""


def raise_alert(
    session: Session,
    kind: Kind,
    subject: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Open an alert, or count it again where one is open. ``facts`` hold nothing personal."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"facts": dict(facts or {}), "last_at": now}
    session.execute(
        insert(Alert)
        .values(kind=kind, subject=subject, first_at=now, times=1, **values)
        .on_conflict_do_update(
            index_elements=["kind", "subject"],
            index_where=text("acknowledged_at IS NULL"),
            set_={**values, "times": Alert.times + 1},
        )
    )


def raised_since(session: Session, kind: Kind, subject: str, since: datetime) -> bool:
    """Whether an alert was opened at this instant or later, seen by now or not."""
    known = select(Alert.id).where(Alert.kind == kind, Alert.subject == subject)
    return session.scalar(known.where(Alert.first_at >= since).limit(1)) is not None


def open_alerts(session: Session) -> list[Alert]:
    """What nobody has acknowledged yet, the oldest first."""
    unseen = select(Alert).where(Alert.acknowledged_at.is_(None))
    return list(session.scalars(unseen.order_by(Alert.first_at, Alert.id)))


def acknowledge(session: Session, alert_id: int, by: str, now: datetime) -> bool:
    """Take an alert as seen; answer whether it was still open. It opens anew when it recurs."""
    open_ = update(Alert).where(Alert.id == alert_id, Alert.acknowledged_at.is_(None))
    seen = open_.values(acknowledged_at=now, acknowledged_by=by)
    return session.scalar(seen.returning(Alert.id)) is not None
