"""Erasing, step by step, so that any process may die at any moment.

1. The last reading of the facts, then the move to ``erasing``: from there on no way back.
2. The plan is made and kept by the account system, and mirrored here, before the first step.
3. Each step is applied there (effect, marker and fence in one transaction) and mirrored here.
4. The result is checked against the plan; only then is the closure closed.

Every part may run again: what was done is answered from the record, never done twice.
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.system import Residue
from portal.closure import closing
from portal.closure.access import closing_scope
from portal.closure.lifecycle import MovedOnError, State, move
from portal.closure.review import passes
from portal.closure.telling import tell
from portal.evidence.ledger import Facts, Kind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, ErasureStep
from portal.store.tasks import Claim


class ResidueLeftError(Exception):
    """The check found something left; the closure stays ``erasing``. Names places, no values."""


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
        # Not due after all (a clock set back, a hold that was lifted meanwhile): look again then.
        return closure.erase_at
    if closure.state != State.ERASING:
        return None
    for step in _planned(services, claim, closure):
        if step.done is None:
            _apply(services, claim, closure, step)
    _check(services, claim, closure)
    closing.close(services, claim, closure)
    return None


def _begin(services: Services, claim: Claim, closure: Closure) -> Closure:
    """The last reading and the point of no return; answers the closure as it is then."""
    if passes(services, claim, closure):
        now = services.clock()
        due = (Closure.erase_at <= now, Closure.version == closure.version)
        with suppress(MovedOnError), services.store.begin() as session:
            # The closure's row first, as everywhere: who locks the task first can wait in a ring.
            erasing = move(session, closure.id, State.ERASING, now, *due)
            tasks.extend(session, claim, now, services.settings.lease)
            tasks.drop(session, (tasks.Kind.REVIEW,), closure.id)
            tell(services, session, erasing, Kind.ERASING, now)
    with services.store.begin() as session:
        return session.get_one(Closure, closure.id)


def _planned(services: Services, claim: Claim, closure: Closure) -> list[ErasureStep]:
    with services.store.begin() as session:
        if mirrored := _steps(session, closure.id):
            return mirrored
    plan = services.accounts.plan(
        closure.reference,
        closing_scope(closure),
        claim.epoch,
        shared_jobs_too=closure.shared_jobs_too,
    )
    now = services.clock()
    with services.store.begin() as session:
        tasks.extend(session, claim, now, services.settings.lease)
        session.add_all(
            ErasureStep(
                closure_id=closure.id,
                position=position,
                name=step.name,
                category=step.category,
                outcome=step.outcome,
                planned=step.rows,
            )
            for position, step in enumerate(plan)
        )
        facts = {"steps": len(plan), "rows": sum(step.rows for step in plan)}
        tell(services, session, closure, Kind.PLANNED, now, facts=facts)
        session.flush()
        return _steps(session, closure.id)


def _steps(session: Session, closure_id: str) -> list[ErasureStep]:
    mine = select(ErasureStep).where(ErasureStep.closure_id == closure_id)
    return list(session.scalars(mine.order_by(ErasureStep.position)))


def _apply(services: Services, claim: Claim, closure: Closure, step: ErasureStep) -> None:
    rows = services.accounts.apply(closure.reference, step.name, claim.epoch)
    now = services.clock()
    with services.store.begin() as session:
        tasks.extend(session, claim, now, services.settings.lease)
        session.execute(
            update(ErasureStep)
            .where(ErasureStep.closure_id == closure.id, ErasureStep.position == step.position)
            .values(done=rows, done_at=now)
        )
        facts = {"step": step.name, "outcome": step.outcome, "rows": rows}
        tell(services, session, closure, Kind.STEP_DONE, now, facts=facts)


def _check(services: Services, claim: Claim, closure: Closure) -> None:
    left = services.accounts.check(closure.reference, claim.epoch)
    if not left:
        return
    now = services.clock()
    with services.store.begin() as session:
        tasks.extend(session, claim, now, services.settings.lease)
        tell(services, session, closure, Kind.RESIDUE, now, facts=_places(left))
    raise ResidueLeftError(", ".join(residue.place for residue in left))


def _places(left: tuple[Residue, ...]) -> Facts:
    return {"places": {residue.place: residue.rows for residue in left}}
