"""Asking for a download: of what, how often, and how far it has come."""

import uuid
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from portal.accounts.system import Account, Scope
from portal.closure.journey import side_of
from portal.closure.lifecycle import RESTORABLE, State, open_of
from portal.closure.scope import scope_of
from portal.evidence.ledger import Kind
from portal.identity import limits
from portal.identity.limits import Limit
from portal.language import Language
from portal.services import Services
from portal.store import downloads, tasks
from portal.store.tables import Download, Event, Journey

KEPT = timedelta(hours=72)
"""How long a download can be fetched; one that could never be made is given up after as long."""
_PER_DAY = (Limit("downloads_day", timedelta(hours=24), 3),)


class Stage(StrEnum):
    """How far a download has come."""

    MAKING = "making"
    READY = "ready"


@dataclass(frozen=True)
class Offer:
    """What an account may download now, and the walk in whose ledger it is told."""

    journey_id: str
    scope: Scope


def offer(services: Services, account_id: str, journey: Journey | None) -> Offer | None:
    """On the way to closing: the chosen side. Submitted: the whole account, until erasing begins.

    None where there is nothing to close, or too late. Raises AccountSystemUnavailableError.
    """
    with services.store.begin() as session:
        closure = open_of(session, account_id)
    account = services.accounts.account(account_id)
    if account is None or (closure and closure.state not in RESTORABLE):
        return None
    if closure:
        return Offer(closure.journey_id, _everything(account))
    if journey is None or journey.account_id != account_id:
        return None
    side = side_of(journey, account)
    return Offer(journey.id, scope_of(account, side)) if side else None


def _everything(account: Account) -> Scope:
    return Scope(account.id, tuple(one.id for one in account.identities), whole=True)


def ask(services: Services, wanted: Offer, language: Language) -> None:
    """Have a download made, in place of the one there is; one that is in the making is let be.

    Raises LimitedError.
    """
    account_id, now = wanted.scope.account_id, services.clock()
    bucket = f"downloads {services.vault.digest('downloads', account_id)}"
    with services.store.begin() as session:
        limits.queue_up(session, [bucket], now)
        there = downloads.of(session, account_id)
        if there and there.state == Stage.MAKING and scope(there) == wanted.scope:
            return
        limits.take(session, {bucket: _PER_DAY}, now)
        downloads.destroy(session, account_id)
        made = Download(
            id=uuid.uuid4().hex,
            account_id=account_id,
            journey_id=wanted.journey_id,
            identity_ids=list(wanted.scope.identity_ids),
            whole=wanted.scope.whole,
            language=language,
            state=Stage.MAKING,
            done=0,
            total=0,
            size=0,
            created_at=now,
            expires_at=now + KEPT,
        )
        session.add(made)
        task_id = tasks.schedule(session, tasks.Kind.DOWNLOAD, made.id, now)
    services.bell.ring(task_id, downloads=True)


def scope(download: Download) -> Scope:
    """What it is a download of."""
    return Scope(download.account_id, tuple(download.identity_ids), download.whole)


def current(services: Services, account_id: str) -> Download | None:
    """The account's download, while its term runs."""
    with services.store.begin() as session:
        there = downloads.of(session, account_id)
    return there if there and there.expires_at > services.clock() else None


def percent(download: Download) -> int:
    """How much of it is made; 100 only when all of it is."""
    if download.state == Stage.READY:
        return 100
    return min(99, download.done * 100 // download.total) if download.total else 0


def was_fetched(services: Services, journey_id: str) -> bool:
    """Whether the person has taken their data along on this walk."""
    fetched = (Event.journey_id == journey_id, Event.kind == Kind.DOWNLOAD_FETCHED)
    with services.store.begin() as session:
        return bool(session.scalar(select(exists().where(*fetched))))


def is_too_late(session: Session, account_id: str) -> bool:
    """Whether rows of the account are going already: what is read now would lack some."""
    closure = open_of(session, account_id)
    return closure is not None and closure.state == State.ERASING
