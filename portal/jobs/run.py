"""Doing one task: claim it, make one call into a flow, and put it off when that fails."""

import random
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from structlog.contextvars import bound_contextvars

from portal.accounts.system import StaleEpochError
from portal.closure.access import set_access
from portal.closure.anchoring import sign_head
from portal.closure.delivering import deliver
from portal.closure.erase import erase
from portal.closure.lifecycle import reference_of
from portal.closure.reminding import remind
from portal.closure.retention import expire_kept, forget
from portal.closure.review import review
from portal.closure.stop import release
from portal.download.making import make
from portal.handover import telling
from portal.helpdesk import retention as helpdesk
from portal.services import Services
from portal.staffroom import retention as staffroom
from portal.store import alerts, tasks
from portal.store.alerts import raise_alert
from portal.store.tasks import Claim, ClaimLostError, Kind

Handler = Callable[[Services, Claim], datetime | None]
"""Answers when the task is due again, None when it is done for good."""

_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(minutes=5)

log = structlog.get_logger()


def _forget(services: Services, claim: Claim) -> datetime:
    helpdesk.tidy(services)
    staffroom.tidy(services)
    telling.settle(services)
    return forget(services, claim)


HANDLERS: Mapping[Kind, Handler] = {
    Kind.MESSAGE: deliver,
    Kind.REVIEW: review,
    Kind.ACCESS: set_access,
    Kind.ERASE: erase,
    Kind.REMIND: remind,
    Kind.RELEASE: release,
    Kind.RETENTION: _forget,
    Kind.KEPT: expire_kept,
    Kind.ANCHOR: sign_head,
    Kind.DOWNLOAD: make,
}


def run_task(services: Services, task_id: str) -> None:
    """Do the task if it is due and nobody else holds it; never raises for a task that failed."""
    with suppress(ClaimLostError, StaleEpochError):
        with services.store.begin() as session:
            claim = tasks.claim(session, task_id, services.clock(), services.settings.lease)
            reference = reference_of(session, claim.subject)
        about = {"closure": reference} if reference else {}
        with bound_contextvars(task=claim.id, kind=claim.kind, **about):
            _do(services, claim, reference or claim.kind)


def _do(services: Services, claim: Claim, name: str) -> None:
    try:
        due_again = HANDLERS[claim.kind](services, claim)
    except (ClaimLostError, StaleEpochError):
        raise
    except Exception as error:  # whatever failed, the task must not be lost
        _put_off(services, claim, name, type(error).__name__)
        return
    with services.store.begin() as session:
        if due_again:
            tasks.again(session, claim, due_again)
        else:
            tasks.finish(session, claim)


def waiting(attempts: int) -> timedelta:
    """How long to wait after this many failures: doubling, capped, with a little spread."""
    wait: timedelta = min(_FIRST_WAIT * 2 ** min(attempts, 10), _LONGEST_WAIT)
    return timedelta(seconds=wait.total_seconds() * random.uniform(0.9, 1.1))  # noqa: S311 - not a secret


def _put_off(services: Services, claim: Claim, name: str, error: str) -> None:
    """``name`` is what an operator knows the task by, ``error`` the kind of error only: texts may
    hold what a person wrote."""
    attempts = claim.attempts + 1
    needs_operator = attempts >= services.settings.tries
    log.log(
        40 if needs_operator else 30,
        "task failed",
        error=error,
        attempts=attempts,
        needs_operator=needs_operator,
    )
    now = services.clock()
    with services.store.begin() as session:
        tasks.put_off(session, claim, now + waiting(claim.attempts), error)
        if needs_operator:
            facts = {"kind": claim.kind, "error": error, "attempts": attempts}
            raise_alert(session, alerts.Kind.TASK_FAILS, name, now, facts)
