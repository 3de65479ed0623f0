"""Letting an account's unsafe events up to an instant pass: two members of staff may (一.2.5)."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.services import Services
from portal.store.tables import Waiver

_USE = timedelta(days=100)
"""By then no event that it lets pass counts any more (3 months)."""


def until(services: Services, account_id: str) -> datetime | None:
    """Up to when this account's unsafe events don't count; None where nothing was waived."""
    with services.store.begin() as session:
        latest = select(func.max(Waiver.until)).where(Waiver.account_id == account_id)
        return session.scalar(latest)


def forget(session: Session, account_id: str) -> None:
    """Nothing names an account that is closed."""
    session.execute(delete(Waiver).where(Waiver.account_id == account_id))


def prune(session: Session, now: datetime) -> None:
    """Delete waivers that make no difference any more."""
    session.execute(delete(Waiver).where(Waiver.at <= now - _USE))
