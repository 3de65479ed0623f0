"""Changing one's mind: possible until erasing begins (三.4)."""

from portal.closure import holding
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor, Kind
from portal.services import Services
from portal.store.tables import Closure


def restore(services: Services, closure_id: str) -> Closure:
    """End the closure for its owner. One guarded UPDATE decides against erasing.

    Raises MovedOnError when erasing has begun or the closure has ended already.
    """
    return holding.end(services, closure_id, State.RESTORED, Kind.RESTORED, Actor.PERSON)
