"""Consent to one exact version of the notice (PIPL 14 to 17; SECURITY C1, C2).

Showing the notice stores nothing: what was shown travels, signed, in the form. Accepting keeps a
draft; when a code binds it to an account, shown, accepted and verified become events.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.evidence import keys
from portal.evidence.ledger import Actor, Facts, Kind, record
from portal.services import Services
from portal.store.tables import Journey
from portal.store.vault import Vault, token_hash

DRAFT_LIFE = timedelta(hours=24)


@dataclass(frozen=True)
class Shown:
    """Which text was put before the person, and when."""

    version: str
    fragment_sha256: str
    box: str
    """The wording of the box beside it."""
    language: str
    shown_at: datetime


class NoticeChangedError(Exception):
    """Another version is in force than the one that was shown: nothing was accepted."""


def shown_now(services: Services, box: str, language: str) -> Shown:
    """What a page shows that is rendered now; ``box`` has a place for the version."""
    now = services.clock()
    published = services.notices.get(services.notices.in_force(now).version)
    wording = box % {"version": published.version}
    return Shown(published.version, published.fragment.sha256, wording, language, now)


def accept(
    services: Services,
    shown: Shown,
    token: str | None,
    account_id: str | None,
) -> str:
    """Keep the consent in the journey of this token, or in a new one; answer the token.

    ``account_id`` is who is signed in: nobody else adds to a journey that is bound.
    Raises NoticeChangedError.
    """
    now = services.clock()
    published = services.notices.get(services.notices.in_force(now).version)
    if (shown.version, shown.fragment_sha256) != (published.version, published.fragment.sha256):
        raise NoticeChangedError(published.version)
    with services.store.begin() as session:
        journey = find(session, token, now) if token else None
        foreign = journey is not None and journey.account_id not in (None, account_id)
        if journey is None or foreign or journey.submitted_at:
            token = secrets.token_urlsafe(32)
            journey = Journey(id=uuid.uuid4().hex, token_hash=token_hash(token), created_at=now)
            session.add(journey)
        journey.version = shown.version
        journey.source_sha256 = published.notice.source_sha256
        journey.fragment_sha256 = shown.fragment_sha256
        journey.bold_ids = list(published.fragment.bold_ids)
        journey.box_wording = shown.box
        journey.language = shown.language
        journey.shown_at, journey.accepted_at = shown.shown_at, now
        if journey.account_id:
            record_consent(session, services.vault, journey)
    assert token is not None  # noqa: S101 - a found journey had one, a new one got one
    return token


def find(session: Session, token: str, now: datetime) -> Journey | None:
    """The journey of this browser, while it is not too old."""
    return session.scalar(
        select(Journey).where(
            Journey.token_hash == token_hash(token), Journey.created_at > now - DRAFT_LIFE
        )
    )


@dataclass(frozen=True)
class Vouched:
    """A help case that two members of staff let stand in for the code."""

    case: str
    """Its number."""
    by: str
    second: str
    compared: tuple[str, ...]
    """What was compared, in words."""


@dataclass(frozen=True)
class Proof:
    """That somebody is the account's owner: they gave the code sent to its number, or somebody
    vouched for them."""

    account_id: str
    at: datetime
    phone: str | None = None
    """E.164; None where no code was given, or before and its number is not known any more."""
    vouched: Vouched | None = None


def bind(
    session: Session, vault: Vault, journey: Journey, proof: Proof, evidence_term: timedelta
) -> None:
    """Make the draft this account's: from here on the ledger tells the journey.

    A journey that is somebody else's stays theirs.
    """
    unbound = (Journey.id == journey.id, Journey.account_id.is_(None))
    mine = update(Journey).where(*unbound).values(account_id=proof.account_id)
    first = session.scalar(mine.returning(Journey.id))
    # Whoever came second must not believe what it wished to write.
    session.refresh(journey)
    if first:
        keys.create(session, vault, journey.id, proof.at + evidence_term)
        record_consent(session, vault, journey)
    elif journey.account_id != proof.account_id:
        return
    _record_proof(session, vault, journey, proof)


def _record_proof(session: Session, vault: Vault, journey: Journey, proof: Proof) -> None:
    kind, facts = Kind.CODE_VERIFIED, {"method": "sms"}
    how: Facts = {"phone": proof.phone}
    if one := proof.vouched:
        kind, how = Kind.HELP_VERIFIED, {"compared": list(one.compared)}
        facts = {"method": "help", "case": one.case, "by": one.by, "second": one.second}
    record(
        session,
        vault,
        at=proof.at,
        journey_id=journey.id,
        kind=kind,
        actor=Actor.PERSON,
        facts=facts,
        evidence={"account": proof.account_id, **how},
    )


def record_consent(session: Session, vault: Vault, journey: Journey) -> None:
    """Tell the ledger what was shown and what was accepted."""
    text = {
        "version": journey.version,
        "source_sha256": journey.source_sha256,
        "fragment_sha256": journey.fragment_sha256,
        "language": journey.language,
    }
    accepted = {"box": journey.box_wording, "bold": journey.bold_ids, "method": "checkbox"}
    for kind, at, more in (
        (Kind.NOTICE_SHOWN, journey.shown_at, {}),
        (Kind.NOTICE_ACCEPTED, journey.accepted_at, accepted),
    ):
        record(
            session,
            vault,
            at=at,
            journey_id=journey.id,
            kind=kind,
            actor=Actor.PERSON,
            facts={**text, **more},
            evidence={"account": journey.account_id},
        )
