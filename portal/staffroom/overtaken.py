"""Coming too late: somebody else has changed the closure that was looked at."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select

from portal.closure.lifecycle import MovedOnError
from portal.evidence.ledger import Kind
from portal.services import Services
from portal.store.tables import Closure, Event

_CHANGES = (Kind.HELD, Kind.RESUMED, Kind.RESTORED, Kind.REFUSED, Kind.ERASING, Kind.CLOSED)


class OvertakenError(Exception):
    """``by`` (an actor of the ledger) changed it at ``at``; nothing was done."""

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(by)
        self.by = by
        self.at = at


@contextmanager
def or_overtaken(services: Services, closure: Closure) -> Iterator[None]:
    """Says who was faster when the closure has moved on. Raises OvertakenError."""
    try:
        yield
    except MovedOnError:
        raise overtaken(services, closure) from None


def overtaken(services: Services, closure: Closure) -> OvertakenError:
    changes = select(Event).where(
        Event.journey_id == closure.journey_id, Event.kind.in_((Kind.SUBMITTED, *_CHANGES))
    )
    with services.store.begin() as session:
        last = session.scalars(changes.order_by(Event.seq.desc()).limit(1)).one()
    return OvertakenError(last.actor, last.at)
