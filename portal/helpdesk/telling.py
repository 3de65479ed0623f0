"""Telling the ledger about a case: that something was said, never what."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.evidence.ledger import Actor, Facts, Kind, Who, record
from portal.services import Services
from portal.store.tables import HelpCase


def tell(
    services: Services,
    session: Session,
    case: HelpCase,
    kind: Kind,
    at: datetime,
    actor: Who = Actor.PERSON,
    facts: Facts | None = None,
) -> None:
    """Add one event; the case stands where other events have their journey, and has no keys."""
    record(
        session,
        services.vault,
        at=at,
        journey_id=case.id,
        kind=kind,
        actor=actor,
        facts={"case": case.reference, **(facts or {})},
    )
