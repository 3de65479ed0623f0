"""Driving the account system to the access that the closure's state demands.

Frozen while pending, held or erasing; open once restored or refused. Whatever order things
arrive in: the closure's version is the fence, so an older demand is refused upstream.
"""

from datetime import datetime

from sqlalchemy import update

from portal.accounts.system import Scope, StaleEpochError
from portal.closure.lifecycle import OPEN, State
from portal.closure.telling import tell
from portal.evidence.ledger import Kind
from portal.services import Services
from portal.store.tables import Closure
from portal.store.tasks import Claim


def closing_scope(closure: Closure) -> Scope:
    """What this closure closes, as the account system wants it named."""
    return Scope(closure.account_id or "", tuple(closure.identity_ids), closure.whole)


def set_access(services: Services, claim: Claim) -> datetime | None:
    """Freeze or open, then note that it was confirmed. Done for good when it returns."""
    with services.store.begin() as session:
        closure = session.get(Closure, claim.subject)
    if closure is None or closure.state == State.CLOSED:
        return None
    frozen = closure.state in OPEN
    try:
        services.accounts.set_access(
            closure.reference, closing_scope(closure), frozen=frozen, epoch=closure.version
        )
    except StaleEpochError:
        # A newer demand was met already; its own task confirms it.
        return None
    _confirm(services, closure, frozen=frozen)
    return None


def _confirm(services: Services, closure: Closure, *, frozen: bool) -> None:
    now = services.clock()
    # A hold meanwhile changes nothing; an end does, and has a task of its own.
    still_so = Closure.state.in_(OPEN) if frozen else Closure.state.not_in(OPEN)
    with services.store.begin() as session:
        confirmed = session.scalar(
            update(Closure)
            .where(Closure.id == closure.id, still_so, Closure.access_confirmed.is_(False))
            .values(access_confirmed=True)
            .returning(Closure.id)
        )
        if confirmed:
            tell(services, session, closure, Kind.ACCESS_SET, now, facts={"frozen": frozen})
