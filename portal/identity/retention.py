"""What this room forgets, and when: after 24 hours, links that stop a closure after 72 (ASVS 6.5,
14.2.7)."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from portal.identity import limits, sign_in, stop_link
from portal.store.tables import Challenge

_LONGEST_LIMIT = timedelta(hours=24)
_CHALLENGE = timedelta(hours=12)
"""Long past its ten minutes, and early enough that an hourly run keeps the 24 hours."""


def prune(session: Session, now: datetime) -> None:
    """Delete challenges, counted uses and sign-ins that are over; to be run every few hours."""
    session.execute(delete(Challenge).where(Challenge.created_at <= now - _CHALLENGE))
    limits.prune(session, now - _LONGEST_LIMIT)
    sign_in.prune(session, now)
    stop_link.prune(session, now)
