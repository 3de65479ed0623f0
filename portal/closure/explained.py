"""What a reviewer told the person about a hold or a refusal, from the ledger (PIPL 50)."""

from sqlalchemy import select

from portal.closure.lifecycle import State
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Kind, read
from portal.services import Services
from portal.store.tables import Closure, Event

_TELLS = {State.HELD: Kind.HELD, State.REFUSED: Kind.REFUSED}


def public_text(services: Services, closure: Closure) -> str | None:
    """The reviewer's words about the state it is in; None where the reason's own words are all."""
    kind = _TELLS.get(State(closure.state))
    if kind is None:
        return None
    told = select(Event).where(Event.journey_id == closure.journey_id, Event.kind == kind)
    with services.store.begin() as session:
        event = session.scalar(told.order_by(Event.seq.desc()).limit(1))
        if event is None:
            return None
        try:
            business = read(session, services.vault, event, Purpose.BUSINESS)
        except KeyDestroyedError:
            return None
    return (business or {}).get("public") or None
