"""Telling the ledger what became of a closure, in the transaction that makes it so."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.evidence.ledger import Actor, Facts, Kind, Who, record
from portal.services import Services
from portal.store.tables import Closure


def tell(
    services: Services,
    session: Session,
    closure: Closure,
    kind: Kind,
    at: datetime,
    *,
    actor: Who = Actor.PORTAL,
    facts: Facts | None = None,
    business: Facts | None = None,
) -> None:
    """Add one event to the journey that became this closure; facts as for ``record``.

    Raises KeyDestroyedError.
    """
    record(
        session,
        services.vault,
        at=at,
        journey_id=closure.journey_id,
        kind=kind,
        actor=actor,
        facts=facts,
        business=business,
    )
