"""One SMS a day before restoring ends (三.4): the last time that doing nothing decides."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.closure import news
from portal.closure.lifecycle import State
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim

_BEFORE = timedelta(hours=24)
"""With quiet hours of ten hours at least fourteen remain when it is sent."""


def plan(session: Session, closure: Closure, now: datetime) -> None:
    """Have the owner of a pending closure reminded, unless the SMS about what has just happened
    tells the same instant no earlier."""
    due_at = closure.erase_at - _BEFORE
    if due_at > now:
        tasks.schedule(session, tasks.Kind.REMIND, closure.id, due_at)


def remind(services: Services, claim: Claim) -> datetime | None:
    """Post the reminder. A hold or an end takes the task away; whoever loses it posts nothing.

    Raises ClaimLostError.
    """
    now = services.clock()
    with services.store.begin() as session:
        closure = session.get(Closure, claim.subject)
        tasks.finish(session, claim)
        if closure is None or closure.state != State.PENDING or closure.erase_at <= now:
            return None
        ring = news.announce(services, session, closure, MessageKind.REMINDER, now)
    services.bell.ring(ring)
    return None
