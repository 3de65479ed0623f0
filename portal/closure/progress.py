"""What a person can be told about a closure: its milestones, from the ledger."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.evidence.ledger import Kind
from portal.services import Services
from portal.store.tables import Closure, Event

_MILESTONES = (
    Kind.SUBMITTED,
    Kind.HELD,
    Kind.RESUMED,
    Kind.RESTORED,
    Kind.REFUSED,
    Kind.ERASING,
    Kind.CLOSED,
)


@dataclass(frozen=True)
class Milestone:
    kind: Kind
    at: datetime


def milestones(services: Services, closure: Closure) -> tuple[Milestone, ...]:
    """What has happened to the closure, in order; nothing personal."""
    with services.store.begin() as session:
        events = session.execute(
            select(Event.kind, Event.at)
            .where(Event.journey_id == closure.journey_id, Event.kind.in_(_MILESTONES))
            .order_by(Event.seq)
        ).all()
    return tuple(Milestone(Kind(kind), at) for kind, at in events)
