"""What was promised and is late: there must be none (notice 三.4)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import Session

from portal.closure.lifecycle import State
from portal.store.alerts import Kind, raise_alert
from portal.store.tables import Alert, Closure

_AT_ONCE = 100
_AGAIN = timedelta(hours=1)


def is_overdue(now: datetime) -> ColumnElement[bool]:
    """Which closures are late. Of one that is held no instant is promised while it is."""
    promised = Closure.state.in_((State.PENDING, State.ERASING))
    return and_(promised, Closure.promise_at < now)


def alert_overdue(session: Session, now: datetime) -> None:
    """Raise an alert for each closure that is late, and again every hour that it stays so."""
    told = exists().where(
        Alert.kind == Kind.OVERDUE,
        Alert.subject == Closure.reference,
        Alert.last_at > now - _AGAIN,
    )
    late = select(Closure).where(is_overdue(now), ~told).order_by(Closure.promise_at)
    for closure in session.scalars(late.limit(_AT_ONCE)).all():
        facts = {"state": closure.state, "promised": closure.promise_at.isoformat()}
        raise_alert(session, Kind.OVERDUE, closure.reference, now, facts)
