"""The steps of one erasure: planned, carried out in bites, mirrored here.

Each call of the account system is a bounded bite; between two of them the task is held on to.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.system import AccountSystem, Done
from portal.closure.access import closing_scope
from portal.closure.telling import tell
from portal.evidence.ledger import Actor, Kind, record_each
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, ErasureStep
from portal.store.tasks import Claim

T = TypeVar("T")


def until_done(bite: Callable[[], T | None], between: Callable[[], None] = lambda: None) -> T:
    """Call the bite until its answer is more than None; ``between`` is called in between."""
    while (answer := bite()) is None:
        between()
    return answer


def applied(
    accounts: AccountSystem,
    reference: str,
    names: list[str],
    epoch: int,
    together: int | None = None,
    between: Callable[[], None] = lambda: None,
) -> Iterator[tuple[Done, ...]]:
    """Apply these steps in their order, ``together`` at most in a call; yield what was done, for
    one step or more at a time. Raises what ``apply`` raises."""
    while names:
        call = partial(accounts.apply, reference, names[:together], epoch)
        done = until_done(call, between)
        yield done
        names = names[len(done) :]


class Held:
    """The task while long work goes on: its lease is made longer well before it ends."""

    def __init__(self, services: Services, claim: Claim) -> None:
        self._services = services
        self.claim = claim
        self._since = services.clock()

    @property
    def is_old(self) -> bool:
        """Whether it is time to say again that the task is held."""
        return self._services.clock() - self._since >= self._services.settings.lease / 3

    def extend(self, session: Session) -> None:
        """Raises ClaimLostError."""
        now = self._services.clock()
        tasks.extend(session, self.claim, now, self._services.settings.lease)
        self._since = now

    def extend_in_time(self) -> None:
        """Raises ClaimLostError."""
        if self.is_old:
            with self._services.store.begin() as session:
                self.extend(session)


def planned(services: Services, held: Held, closure: Closure) -> list[ErasureStep]:
    with services.store.begin() as session:
        if mirrored := _steps(session, closure.id):
            return mirrored
    plan = until_done(
        lambda: services.accounts.plan(
            closure.reference,
            closing_scope(closure),
            held.claim.epoch,
            shared_jobs_too=closure.shared_jobs_too,
        ),
        held.extend_in_time,
    )
    with services.store.begin() as session:
        held.extend(session)
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
        tell(services, session, closure, Kind.PLANNED, services.clock(), facts=facts)
        session.flush()
        return _steps(session, closure.id)


def _steps(session: Session, closure_id: str) -> list[ErasureStep]:
    mine = select(ErasureStep).where(ErasureStep.closure_id == closure_id)
    return list(session.scalars(mine.order_by(ErasureStep.position)))


def carry_out(services: Services, held: Held, closure: Closure, steps: list[ErasureStep]) -> None:
    """Apply the steps in their order, as many at once as the account system does in one bite.

    After a failure they go one by one: what fails stands alone, and what comes before it is done.
    """
    names = [step.name for step in steps]
    together = 1 if held.claim.attempts else len(names)
    accounts, reference, epoch = services.accounts, closure.reference, held.claim.epoch
    for done in applied(accounts, reference, names, epoch, together, held.extend_in_time):
        now = services.clock()
        for step, did in zip(steps, done, strict=False):
            step.done, step.took_ms, step.done_at = did.rows, did.took_ms, now
        _mirror(services, held, closure, steps[: len(done)])
        steps = steps[len(done) :]


def _mirror(services: Services, held: Held, closure: Closure, done: list[ErasureStep]) -> None:
    with services.store.begin() as session:
        held.extend(session)
        session.execute(
            update(ErasureStep),
            [
                {
                    "closure_id": step.closure_id,
                    "position": step.position,
                    "done": step.done,
                    "done_at": step.done_at,
                    "took_ms": step.took_ms,
                }
                for step in done
            ],
        )
        steps = [{"step": step.name, "outcome": step.outcome, "rows": step.done} for step in done]
        record_each(
            session,
            steps,
            at=services.clock(),
            journey_id=closure.journey_id,
            kind=Kind.STEP_DONE,
            actor=Actor.PORTAL,
        )
