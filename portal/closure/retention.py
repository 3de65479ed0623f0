"""The hourly forgetting: what was only needed for a while goes when that while is over."""

from datetime import datetime, timedelta

from sqlalchemy import delete

from portal.closure.consent import DRAFT_LIFE
from portal.identity import retention as identity
from portal.messages import outbox
from portal.services import Services
from portal.store.tables import Journey
from portal.store.tasks import Claim

_EVERY = timedelta(hours=1)


def forget(services: Services, _claim: Claim) -> datetime:
    """Drop journeys that were never submitted, and what identity and messages no longer need."""
    now = services.clock()
    with services.store.begin() as session:
        old = Journey.created_at <= now - DRAFT_LIFE
        session.execute(delete(Journey).where(old, Journey.submitted_at.is_(None)))
        identity.prune(session, now)
        outbox.prune(session, now)
    return now + _EVERY
