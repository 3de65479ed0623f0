"""The brake: erasures beyond a set number an hour are a fault until somebody has looked.

A wrong clock, a restored backup or a mistake of ours could make everything due at once, and an
erasure can't be undone. Nothing is lost by waiting: closures stay pending and can be restored.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.identity import limits
from portal.identity.limits import Limit
from portal.services import Services
from portal.settings import Settings
from portal.store import alerts
from portal.store.tables import Brake

_BUCKET = "erasures"


class Cause(StrEnum):
    RATE = "rate"
    """More erasures were due within an hour than the setting allows."""
    CLOCK = "clock"
    """The clock leapt ahead: what seems due may not be."""
    OPERATOR = "operator"


def lets_through(session: Session, settings: Settings, now: datetime) -> bool:
    """Count one erasure that begins; pull the brake instead where it would be one too many.

    Callers come one by one until their transaction ends.
    """
    limits.queue_up(session, [_BUCKET], now)
    if pulled(session):
        return False
    hourly = Limit("erasures_hour", timedelta(hours=1), settings.brake)
    if limits.reached(session, {_BUCKET: (hourly,)}, now):
        _pull(session, Cause.RATE, now)
        return False
    limits.count(session, [_BUCKET], now)
    return True


def pulled(session: Session) -> Brake | None:
    """The brake that is on; None while erasures may begin."""
    return session.scalar(select(Brake).where(Brake.lifted_at.is_(None)))


def pull(services: Services, cause: Cause) -> None:
    """Let no erasure begin until an operator lifts the brake; those that have begun go on."""
    now = services.clock()
    with services.store.begin() as session:
        limits.queue_up(session, [_BUCKET], now)
        if not pulled(session):
            _pull(session, cause, now)


def lift(services: Services, by: str) -> bool:
    """Let as many erasures begin again as the setting allows in an hour; answer whether it was on.

    ``by`` names who has looked; nothing personal.
    """
    now = services.clock()
    with services.store.begin() as session:
        limits.queue_up(session, [_BUCKET], now)
        limits.clear(session, [_BUCKET])
        on = update(Brake).where(Brake.lifted_at.is_(None))
        lifted = on.values(lifted_at=now, lifted_by=by).returning(Brake.id)
        return session.scalar(lifted) is not None


def _pull(session: Session, cause: Cause, now: datetime) -> None:
    session.add(Brake(cause=cause, pulled_at=now))
    alerts.raise_alert(session, alerts.Kind.BRAKE, cause, now)
