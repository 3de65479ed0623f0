"""The hourly forgetting: what was only needed for a while goes when that while is over."""

from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from portal.closure import erased
from portal.closure.consent import DRAFT_LIFE
from portal.closure.lifecycle import OPEN
from portal.evidence import keys
from portal.evidence.keys import Purpose
from portal.identity import retention as identity
from portal.messages import outbox
from portal.services import Services
from portal.store.engine import LogInUseError, empty_log
from portal.store.tables import Closure, HandoverOffer, HandoverTold, Journey
from portal.store.tasks import Claim

_EVERY, _DAILY = timedelta(hours=1), timedelta(hours=24)


def forget(services: Services, _claim: Claim) -> datetime:
    """Drop journeys that were never submitted, with what was sealed of the person's business on
    the way, and what identity and messages no longer need."""
    now = services.clock()
    with services.store.begin() as session:
        old = (Journey.created_at <= now - DRAFT_LIFE, Journey.submitted_at.is_(None))
        for journey_id in session.scalars(delete(Journey).where(*old).returning(Journey.id)).all():
            keys.destroy(session, journey_id, Purpose.BUSINESS)
        # Named on the way to a closure that was never asked for.
        asked = select(Closure.account_id).where(
            Closure.state.in_(OPEN), Closure.account_id.is_not(None)
        )
        session.execute(
            delete(HandoverOffer).where(
                HandoverOffer.at <= now - DRAFT_LIFE, HandoverOffer.account_id.not_in(asked)
            )
        )
        # Noted at the moment at which the closure ended.
        going = select(Closure.id).where(Closure.state.in_(OPEN))
        session.execute(delete(HandoverTold).where(HandoverTold.closure_id.not_in(going)))
        identity.prune(session, now)
        outbox.prune(session, now)
        keys.expire(session, now)
    erased.forget(services)
    with suppress(LogInUseError):
        empty_log(services.store.engine)
    return now + _EVERY


def expire_kept(services: Services, _claim: Claim) -> datetime:
    """A bite of what was kept by law and whose term is over; the next one at once, or tomorrow."""
    finished = services.accounts.expire() is not None
    return services.clock() + (_DAILY if finished else timedelta(0))
