"""What the ledger is told of a hand-over: how many of which kind, never whose."""

from collections import Counter
from collections.abc import Iterable

from sqlalchemy.orm import Session

from portal.accounts.system import Left
from portal.closure.lifecycle import by_reference
from portal.evidence.ledger import Actor, Kind, record
from portal.services import Services

POOL = "pool"
"""The journey of what is handed over after the closing: the closure is not known any more."""


def tell(
    services: Services,
    session: Session,
    kind: Kind,
    closure: str | None,
    kinds: Iterable[Left],
    actor: Actor = Actor.COMPANY,
) -> None:
    """Add one event to the journey of the closure with this reference."""
    found = by_reference(session, closure) if closure else None
    journey_id = found.journey_id if found else POOL
    tell_journey(services, session, kind, journey_id, kinds, actor)


def tell_journey(
    services: Services,
    session: Session,
    kind: Kind,
    journey_id: str,
    kinds: Iterable[Left],
    actor: Actor,
) -> None:
    record(
        session,
        services.vault,
        at=services.clock(),
        journey_id=journey_id,
        kind=kind,
        actor=actor,
        facts=dict(Counter(str(one) for one in kinds)),
    )
