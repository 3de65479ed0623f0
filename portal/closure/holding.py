"""Holding a closure while something must be settled, going on with it, or ending it (三.5).

The acts of a reviewer, and of the review when it finds something. There is no approval and no
early erasure: without a reason to hold, a closure goes on by itself.
"""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, delete
from sqlalchemy.orm import Session

from portal.closure import deadlines, news, reminding, successors
from portal.closure.deadlines import Deadlines
from portal.closure.lifecycle import State, move
from portal.closure.telling import tell
from portal.evidence import keys
from portal.evidence.ledger import Facts, Kind, Who
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, HandoverOffer, Journey
from portal.store.tasks import Claim

Also = Callable[[Session, Closure], None]
"""What belongs to a hold, in its transaction."""


class Reason(StrEnum):
    """Why a closure is held or refused; the pages have the public words for each."""

    NOT_OFFICIAL = "not_official"
    DEBT = "debt"
    UNPAID_ORDER = "unpaid_order"
    DISPUTE = "dispute"
    SECURITY = "security"
    PENALTY = "penalty"
    AUTHORITY = "authority"
    """A court, authority or regulator: the public text is the notice's general words."""
    NOT_OWNER = "not_owner"
    UPSTREAM = "upstream"
    """The account system no longer knows what was to be closed."""


OF_CONDITION = dict(
    zip(
        range(1, 7),
        (
            Reason.NOT_OFFICIAL,
            Reason.DEBT,
            Reason.UNPAID_ORDER,
            Reason.DISPUTE,
            Reason.SECURITY,
            Reason.PENALTY,
        ),
        strict=True,
    )
)
"""The reason that belongs to each failed condition."""
_OF_PENDING = (tasks.Kind.ERASE, tasks.Kind.REVIEW, tasks.Kind.REMIND)
_TOLD = {Kind.RESTORED: MessageKind.RESTORED, Kind.REFUSED: MessageKind.REFUSED}


def hold(
    services: Services,
    closure_id: str,
    reason: Reason,
    actor: Who,
    business: Facts | None = None,
    *conditions: ColumnElement[bool],
    review_by: datetime | None = None,
    claim: Claim | None = None,
    ends_at: datetime | None = None,
    also: Also | None = None,
) -> Closure:
    """Stop the clock: no erasing while held, until ``ends_at`` where that is said.

    What a reviewer says of it is in ``business``; ``public`` there is what the person is told.
    ``also`` is done with it or not at all.
    Raises MovedOnError, also when a further condition on the closure does not hold, and
    ClaimLostError when it was the finding of a task that somebody else holds by now.
    """
    now = services.clock()
    with services.store.begin() as session:
        why = {"hold_reason": reason, "review_by": review_by}
        closure = move(session, closure_id, State.HELD, now, *conditions, **why)
        if claim:
            tasks.extend(session, claim, now, services.settings.lease)
        tasks.drop(session, _OF_PENDING, closure_id)
        if ends_at:
            tasks.schedule(session, tasks.Kind.RELEASE, closure_id, ends_at)
        kept = {**(business or {}), "reason": reason}
        tell(services, session, closure, Kind.HELD, now, actor=actor, business=kept)
        told = {"reason": reason}
        sms = news.announce(services, session, closure, MessageKind.HELD, now, told)
        if also:
            also(session, closure)
    services.bell.ring(sms)
    return closure


def resume(
    services: Services,
    closure_id: str,
    actor: Who,
    business: Facts | None = None,
    *conditions: ColumnElement[bool],
) -> Closure:
    """Go on: both instants move by the time held, and the facts are read again at once.

    Raises MovedOnError, also when a further condition on the closure does not hold.
    """
    now = services.clock()
    with services.store.begin() as session:
        held = session.get_one(Closure, closure_id)
        after = deadlines.after_hold(
            services.settings, Deadlines(held.erase_at, held.promise_at), held.changed_at, now
        )
        closure = move(
            session,
            closure_id,
            State.PENDING,
            now,
            Closure.version == held.version,
            *conditions,
            hold_reason=None,
            review_by=None,
            erase_at=after.erase_at,
            promise_at=after.promise_at,
        )
        tasks.drop(session, (tasks.Kind.RELEASE,), closure_id)
        tasks.schedule(session, tasks.Kind.ERASE, closure_id, after.erase_at)
        reminding.plan(session, closure, now)
        review = tasks.schedule(session, tasks.Kind.REVIEW, closure_id, now)
        facts = {"erase_at": after.erase_at.isoformat(), "promise_at": after.promise_at.isoformat()}
        tell(
            services,
            session,
            closure,
            Kind.RESUMED,
            now,
            actor=actor,
            facts=facts,
            business=business,
        )
        sms = news.announce(services, session, closure, MessageKind.RESUMED, now, facts)
    services.bell.ring(review, sms)
    return closure


def refuse(
    services: Services,
    closure_id: str,
    reason: Reason,
    actor: Who,
    business: Facts | None = None,
    *conditions: ColumnElement[bool],
) -> Closure:
    """End the closure; the account opens again. ``business`` as for ``hold``.

    Raises MovedOnError, also when a further condition on the closure does not hold.
    """
    kept = {**(business or {}), "reason": reason}
    return end(services, closure_id, State.REFUSED, Kind.REFUSED, actor, kept, *conditions)


def end(
    services: Services,
    closure_id: str,
    to: State,
    kind: Kind,
    actor: Who,
    business: Facts | None = None,
    *conditions: ColumnElement[bool],
) -> Closure:
    """End a closure that has not begun to erase, and have its freeze lifted.

    What the person confirmed on the way goes; the ledger keeps it sealed.
    Raises MovedOnError.
    """
    now = services.clock()
    ended = {"end_reason": (business or {}).get("reason"), "access_confirmed": False}
    with services.store.begin() as session:
        closure = move(session, closure_id, to, now, *conditions, **ended)
        tasks.drop(session, (*_OF_PENDING, tasks.Kind.RELEASE), closure_id)
        access = tasks.schedule(session, tasks.Kind.ACCESS, closure_id, now)
        session.execute(delete(Journey).where(Journey.id == closure.journey_id))
        session.execute(
            delete(HandoverOffer).where(HandoverOffer.identity_id.in_(closure.identity_ids))
        )
        successors.forget(session, closure_id)
        over = now + services.settings.evidence_term
        keys.prolong(session, closure.journey_id, over)
        keys.let_die(session, closure.journey_id, over)
        tell(services, session, closure, kind, now, actor=actor, business=business)
        news.withdraw(session, closure, now)
        why = {"reason": closure.end_reason} if closure.end_reason else None
        sms = news.announce(services, session, closure, _TOLD[kind], now, why)
    services.bell.ring(access, sms)
    return closure
