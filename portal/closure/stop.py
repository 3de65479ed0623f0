"""不是您本人操作？ Whoever got the alarm can hold an open closure of theirs for a while.

Looking changes nothing: phones and their helpers open links by themselves. The button holds for
72 hours; then the closure goes on by itself, unless a reviewer has resumed or ended it before.
Restoring stays possible all the time.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.closure.holding import Also, Reason, hold, resume
from portal.closure.lifecycle import MovedOnError, State, open_of
from portal.evidence.ledger import Actor
from portal.identity import stop_link
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim

_AT_MOST = timedelta(hours=72)


class Standing(StrEnum):
    """What there is to stop."""

    NOTHING = "nothing"
    """No open closure."""
    PENDING = "pending"
    HELD = "held"
    ERASING = "erasing"
    """Too late."""


@dataclass(frozen=True)
class Stop:
    """What the page of a link shows, and what its button did."""

    standing: Standing
    reference: str | None = None
    ends_at: datetime | None = None
    """When a hold of this kind ends by itself."""


def look(services: Services, token: str) -> Stop | None:
    """How it stands; None for a link that nobody knows or that is too old."""
    with services.store.begin() as session:
        account_id = stop_link.account_of(session, token, services.clock())
        if account_id is None:
            return None
        closure = open_of(session, account_id)
        if closure is None:
            return Stop(Standing.NOTHING)
        ends_at = tasks.due_at(session, tasks.Kind.RELEASE, closure.id)
        return Stop(Standing(closure.state), closure.reference, ends_at)


def stop(services: Services, token: str, also: Also | None = None) -> Stop | None:
    """Hold the open closure, if there is one; answer how it stands then. None as for ``look``.

    ``also`` is done with the hold, if it is this very call that holds.
    """
    now = services.clock()
    with services.store.begin() as session:
        account_id = stop_link.account_of(session, token, now)
        closure = open_of(session, account_id) if account_id else None
    if closure and closure.state == State.PENDING:
        ends_at = now + _AT_MOST
        with suppress(MovedOnError):
            why = Reason.NOT_OWNER
            hold(services, closure.id, why, Actor.PERSON, ends_at=ends_at, also=also)
            return Stop(Standing.HELD, closure.reference, ends_at)
    return look(services, token)


def release(services: Services, claim: Claim) -> None:
    """The hold of a link has lasted long enough: the closure goes on.

    Raises ClaimLostError where a reviewer was faster.
    """
    with services.store.begin() as session:
        tasks.extend(session, claim, services.clock(), services.settings.lease)
        closure = session.get(Closure, claim.subject)
    if closure and closure.state == State.HELD:
        with suppress(MovedOnError):
            resume(services, closure.id, Actor.PORTAL, None, Closure.version == closure.version)


def ends_at(services: Services, closure: Closure) -> datetime | None:
    """When the hold ends by itself; None where it does not."""
    with services.store.begin() as session:
        return tasks.due_at(session, tasks.Kind.RELEASE, closure.id)
