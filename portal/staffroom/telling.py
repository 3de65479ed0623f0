"""Telling the ledger what belongs to no person's journey: who signed in, what the staff decided."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.evidence.ledger import Actor, Facts, Kind, Who, record
from portal.services import Services

OFFICE = "staff"
"""Stands where other events have their journey. Nothing is sealed for it: it has no keys."""


def note(
    services: Services,
    session: Session,
    kind: Kind,
    at: datetime,
    *,
    actor: Who = Actor.OPERATOR,
    facts: Facts | None = None,
) -> None:
    """Add one event; ``facts`` hold nothing personal."""
    record(session, services.vault, at=at, journey_id=OFFICE, kind=kind, actor=actor, facts=facts)
