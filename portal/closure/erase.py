"""Erasing, step by step, so that any process may die at any moment.

1. The last reading of the facts, then the move to ``erasing``: from there on no way back.
2. The plan is made and kept by the account system, and mirrored here, before the first step.
3. Each step is applied there (effect, marker and fence in one transaction) and mirrored here.
4. The result is checked against the plan; only then is the closure closed.

Every part may run again: what was done is answered from the record, never done twice.
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy.orm import Session

from portal.accounts.system import Account, Residue
from portal.closure import brake, closing, erased, farewell
from portal.closure.closing import ResidueLeftError
from portal.closure.lifecycle import MovedOnError, State, move
from portal.closure.review import passes
from portal.closure.steps import Held, carry_out, planned, until_done
from portal.closure.telling import tell
from portal.evidence.ledger import Kind
from portal.services import Services
from portal.store import alerts, tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim


def erase(services: Services, claim: Claim) -> datetime | None:
    """Bring the closure as far as it goes. Raises what the account system raises, ResidueLeftError
    and ClaimLostError; the task is then tried again."""
    with services.store.begin() as session:
        closure = session.get(Closure, claim.subject)
    if closure is None:
        return None
    if closure.state == State.PENDING:
        closure = _begin(services, claim, closure)
    if closure.state == State.PENDING:
        # Not due after all (a clock set back, a hold that was lifted meanwhile), or braked.
        now = services.clock()
        return closure.erase_at if now < closure.erase_at else now + services.settings.lease
    if closure.state != State.ERASING:
        return None
    finish(services, claim, closure)
    return None


def finish(services: Services, claim: Claim, closure: Closure) -> None:
    """From wherever the erasure stands to its end. Raises as ``erase`` does."""
    held = Held(services, claim)
    steps = planned(services, held, closure)
    carry_out(services, held, closure, [step for step in steps if step.done is None])
    left = until_done(
        lambda: services.accounts.check(closure.reference, claim.epoch), held.extend_in_time
    )
    if left:
        _left(services, claim, closure, left)
    certificate = services.accounts.certificate(closure.reference)
    erased.note(services, closure)
    try:
        closing.close(services, claim, closure, certificate)
    except ResidueLeftError as error:
        _left(services, claim, closure, error.left)


def _begin(services: Services, claim: Claim, closure: Closure) -> Closure:
    """The last reading and the point of no return; answers the closure as it is then."""
    if account := passes(services, claim, closure):
        with suppress(MovedOnError), services.store.begin() as session:
            if brake.lets_through(session, services.settings, services.clock()):
                _move(services, session, claim, closure, account)
    with services.store.begin() as session:
        return session.get_one(Closure, closure.id)


def _move(
    services: Services, session: Session, claim: Claim, closure: Closure, account: Account
) -> None:
    now = services.clock()
    due = (Closure.erase_at <= now, Closure.version == closure.version)
    # The closure's row first, as everywhere: who locks the task first can wait in a ring.
    erasing = move(session, closure.id, State.ERASING, now, *due)
    tasks.extend(session, claim, now, services.settings.lease)
    tasks.drop(session, (tasks.Kind.REVIEW, tasks.Kind.REMIND), closure.id)
    farewell.keep(session, services.vault, closure.id, account.phone)
    tell(services, session, erasing, Kind.ERASING, now)


def _left(services: Services, claim: Claim, closure: Closure, left: tuple[Residue, ...]) -> None:
    """Tell of what is left, here and to an operator. Raises ResidueLeftError."""
    now = services.clock()
    facts = {"places": {residue.place: residue.rows for residue in left}}
    with services.store.begin() as session:
        tasks.extend(session, claim, now, services.settings.lease)
        tell(services, session, closure, Kind.RESIDUE, now, facts=facts)
        alerts.raise_alert(session, alerts.Kind.RESIDUE, closure.reference, now, facts)
    raise ResidueLeftError(left)
