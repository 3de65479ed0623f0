"""After an old backup was restored: what happened since is made to have happened again.

1. Whoever is on the list of the erased is erased again, in both databases.
2. What the account system reports as erased is closed here.
3. Freezes that the account system holds for no open closure become alerts: a request that was
   lost. The receipt of the person's submission counts as their claim.
4. The ledger goes on after a head that says so.

Every part may run again. While it is needed, workers and pages stand still (``gate``).
"""

from dataclasses import dataclass

from sqlalchemy import select

from portal.closure import closing, erased
from portal.closure.erase import finish
from portal.closure.erased import Erased
from portal.closure.lifecycle import OPEN, State, by_reference, recover
from portal.closure.steps import applied, until_done
from portal.closure.telling import tell
from portal.evidence import anchor
from portal.evidence.ledger import Kind
from portal.services import Services
from portal.store import alerts, tasks
from portal.store.tables import Closure

_EPOCH = 1_000_000
"""Above any epoch that was given to the task before the backup was restored."""


@dataclass(frozen=True)
class Reconciled:
    """References of what was done."""

    erased_again: tuple[str, ...]
    closed: tuple[str, ...]
    frozen_alone: tuple[str, ...]
    ledger_lost: bool
    """Whether the ledger had lost events, and now goes on after them."""


def reconcile(services: Services) -> Reconciled:
    """Bring both databases to where they were, as far as anybody still knows.

    Raises what the account system raises, ResidueLeftError, OSError.
    """
    again = tuple(one.reference for one in erased.everybody(services) if _again(services, one))
    closed = tuple(one.reference for one in _open(services) if _close(services, one))
    return Reconciled(again, closed, _frozen_alone(services), _ledger(services))


def _again(services: Services, one: Erased) -> bool:
    """Whether anything had to be done for somebody who is on the list."""
    there = services.accounts.erased(one.reference)
    with services.store.begin() as session:
        closure = by_reference(session, one.reference)
    if closure and closure.state in OPEN:
        _finish(services, closure)
        return True
    if not there:
        _erase(services, one)
    if closure is None:
        _rebuild(services, one)
    return not there or closure is None


def _rebuild(services: Services, one: Erased) -> None:
    """The closure's row as it was: closed, with a reference that nobody gets again."""
    now = services.clock()
    with services.store.begin() as session:
        closing.forget(services, session, one.scope)
        closure = Closure(
            id=one.id,
            reference=one.reference,
            journey_id=one.journey_id,
            state=State.CLOSED,
            version=1,
            account_id=None,
            identity_ids=[],
            whole=one.scope.whole,
            shared_jobs_too=one.shared_jobs_too,
            notice_version=one.notice_version,
            submitted_at=one.submitted_at,
            erase_at=one.erase_at,
            promise_at=one.promise_at,
            changed_at=now,
            access_confirmed=True,
        )
        session.add(closure)
        tell(services, session, closure, Kind.CLOSED, now, facts={"reconciled": True})


def _erase(services: Services, one: Erased) -> None:
    """In the account system alone: here the closure is closed, or not known any more.

    Raises ResidueLeftError.
    """
    system, reference = services.accounts, one.reference
    too = one.shared_jobs_too
    plan = until_done(lambda: system.plan(reference, one.scope, _EPOCH, shared_jobs_too=too))
    for _done in applied(system, reference, [step.name for step in plan], _EPOCH):
        pass
    if left := until_done(lambda: system.check(reference, _EPOCH)):
        raise closing.ResidueLeftError(left)


def _open(services: Services) -> list[Closure]:
    with services.store.begin() as session:
        return list(session.scalars(select(Closure).where(Closure.state.in_(OPEN))))


def _close(services: Services, closure: Closure) -> bool:
    """Whether the account system had erased it already."""
    if not services.accounts.erased(closure.reference):
        return False
    _finish(services, closure)
    return True


def _finish(services: Services, closure: Closure) -> None:
    """To the end, from whatever the backup says; nobody reads the conditions again."""
    now = services.clock()
    with services.store.begin() as session:
        closure = recover(session, closure.id, now)
        tell(services, session, closure, Kind.ERASING, now, facts={"reconciled": True})
        task = tasks.schedule(session, tasks.Kind.ERASE, closure.id, now)
        tasks.drop(session, (tasks.Kind.REVIEW,), closure.id)
        claim = tasks.claim(session, task, now, services.settings.lease, epochs=_EPOCH)
    finish(services, claim, closure)


def _frozen_alone(services: Services) -> tuple[str, ...]:
    """Freezes without an open closure: told to an operator, who asks the person."""
    frozen = services.accounts.frozen()
    known = {closure.reference for closure in _open(services)}
    alone = tuple(reference for reference in frozen if reference not in known)
    with services.store.begin() as session:
        for reference in alone:
            alerts.raise_alert(session, alerts.Kind.FROZEN_ALONE, reference, services.clock())
    return alone


def _ledger(services: Services) -> bool:
    with services.store.begin() as session:
        lost = anchor.is_behind(session, services.witness)
    if lost:
        anchor.mark_restored(services.store, services.vault, services.witness, services.clock)
    return lost
