"""Reading the facts again: at submission, daily, and just before erasing (三.4, 三.5)."""

from contextlib import suppress
from datetime import datetime

from portal.accounts.system import Account
from portal.closure import waiver
from portal.closure.access import closing_scope
from portal.closure.conditions import Condition, failing, judge
from portal.closure.holding import OF_CONDITION, Reason, hold
from portal.closure.lifecycle import MovedOnError, State
from portal.closure.scope import identities_in
from portal.closure.telling import tell
from portal.evidence.ledger import Actor, Kind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim


def review(services: Services, claim: Claim) -> datetime | None:
    """One reading of a pending closure; the next one is due a day later."""
    with services.store.begin() as session:
        closure = session.get(Closure, claim.subject)
    if closure is None or closure.state != State.PENDING:
        return None
    if not passes(services, claim, closure):
        return None
    now = services.clock()
    with services.store.begin() as session:
        tasks.extend(session, claim, now, services.settings.lease)
        tell(services, session, closure, Kind.REVIEWED, now)
    return now + services.settings.review_every


def passes(services: Services, claim: Claim, closure: Closure) -> Account | None:
    """The account while the conditions still hold; None, and the closure is held, when they don't.

    Raises AccountSystemUnavailableError: not knowing is neither passing nor failing.
    """
    scope = closing_scope(closure)
    account = services.accounts.account(scope.account_id)
    if account is None or len(identities_in(account, scope)) < len(scope.identity_ids):
        _hold(services, claim, closure, Reason.UPSTREAM, ())
        return None
    waived = waiver.until(services, scope.account_id)
    found = failing(judge(services.accounts.standing(scope), services.clock(), waived))
    if found:
        _hold(services, claim, closure, OF_CONDITION[found[0].number], found)
    return None if found else account


def _hold(
    services: Services,
    claim: Claim,
    closure: Closure,
    reason: Reason,
    found: tuple[Condition, ...],
) -> None:
    business = {"conditions": [c.number for c in found]}
    unmoved = Closure.version == closure.version
    # While the facts were read the person may have restored, or a reviewer settled just this.
    with suppress(MovedOnError):
        hold(services, closure.id, reason, Actor.PORTAL, business, unmoved, claim=claim)
