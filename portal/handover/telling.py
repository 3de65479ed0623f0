"""What the ledger is told of a hand-over: how many of which kind, never whose."""

from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.system import AccountSystemUnavailableError, Deed, Did, Left
from portal.closure.lifecycle import by_reference
from portal.evidence.ledger import Actor, Kind, record
from portal.services import Services
from portal.store.tables import Event

POOL = "pool"
"""The journey of what is handed over after the closing: the closure is not known any more."""
_KINDS = {
    Did.GAVE: Kind.HANDED_OVER,
    Did.ACCEPTED: Kind.SUCCESSOR_ACCEPTED,
    Did.TOOK_BACK: Kind.TAKEN_BACK,
}


def settle(services: Services) -> None:
    """Tell of everything that was done in the account system and not told yet: once, however
    often this runs. What can't be told now is told within the hour."""
    with suppress(AccountSystemUnavailableError):
        while deeds := services.accounts.untold():
            for deed in deeds:
                # Another process may be telling of it too.
                with suppress(IntegrityError), services.store.begin() as session:
                    _tell_of(services, session, deed)
            services.accounts.told([deed.id for deed in deeds])


def _tell_of(services: Services, session: Session, deed: Deed) -> None:
    if session.scalar(select(Event.seq).where(Event.id == deed.id)) is not None:
        return
    record(
        session,
        services.vault,
        at=deed.at,
        journey_id=_journey_of(session, deed.closure),
        kind=_KINDS[deed.did],
        actor=Actor.COMPANY,
        facts=deed.counts,
        event_id=deed.id,
    )


def _journey_of(session: Session, closure: str | None) -> str:
    found = by_reference(session, closure) if closure else None
    return found.journey_id if found else POOL


def tell(
    services: Services, session: Session, kind: Kind, closure: str, kinds: Iterable[Left]
) -> None:
    """Add one event of the company's to the journey of the closure with this reference."""
    journey_id = _journey_of(session, closure)
    tell_journey(services, session, kind, journey_id, kinds, Actor.COMPANY)


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
