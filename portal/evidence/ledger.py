"""The append-only ledger: one event for everything that a person or a court may ask about.

An event is written in the transaction of what it tells. Its hash covers every field, sealed facts
by the digest of their ciphertext: it can be checked after the keys are gone, gives nothing away
about guessable values (SECURITY: L3, L4), and what it covers can be shown without ciphertext.
"""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any, NewType

from sqlalchemy import insert
from sqlalchemy.orm import Session

from portal.evidence import keys
from portal.evidence.canonical import canonical
from portal.evidence.keys import Purpose
from portal.evidence.stream import AnyRow
from portal.store.tables import Event
from portal.store.vault import Vault

Facts = Mapping[str, Any]


class Kind(StrEnum):
    NOTICE_SHOWN = "notice.shown"
    NOTICE_ACCEPTED = "notice.accepted"
    CODE_VERIFIED = "code.verified"
    CONDITIONS_CONFIRMED = "conditions.confirmed"
    CONSEQUENCES_SHOWN = "consequences.shown"
    SUBMITTED = "closure.submitted"
    REVIEWED = "closure.reviewed"
    HELD = "closure.held"
    RESUMED = "closure.resumed"
    RESTORED = "closure.restored"
    REFUSED = "closure.refused"
    ACCESS_SET = "access.set"
    ERASING = "closure.erasing"
    PLANNED = "erasure.planned"
    STEP_DONE = "erasure.step"
    RESIDUE = "erasure.residue"
    CLOSED = "closure.closed"
    HELP_ASKED = "help.asked"
    HELP_ADDED = "help.added"
    HELP_ANSWERED = "help.answered"
    HELP_ENDED = "help.ended"
    HELP_VERIFIED = "help.verified"
    SUCCESSOR_NAMED = "handover.named"
    SUCCESSOR_WITHDRAWN = "handover.withdrawn"
    SUCCESSOR_ACCEPTED = "handover.accepted"
    SUCCESSOR_DECLINED = "handover.declined"
    HANDED_OVER = "handover.assigned"
    TAKEN_BACK = "handover.taken_back"
    LOOKED = "evidence.looked"
    DOWNLOAD_MADE = "download.made"
    DOWNLOAD_FETCHED = "download.fetched"
    HASTENED = "task.hastened"
    PROPOSED = "proposal.made"
    APPROVED = "proposal.approved"
    DECLINED = "proposal.declined"
    WAIVED = "condition.waived"
    ACKNOWLEDGED = "alert.acknowledged"
    STAFF_ADDED = "staff.added"
    STAFF_CHANGED = "staff.changed"
    STAFF_REMOVED = "staff.removed"
    STAFF_SIGNED_IN = "staff.signed_in"
    STAFF_NOT_SIGNED_IN = "staff.not_signed_in"


class Actor(StrEnum):
    PERSON = "person"
    PORTAL = "portal"
    OPERATOR = "operator"
    COMPANY = "company"
    """Somebody of the company that a recruiter leaves (二.3.2)."""


StaffActor = NewType("StaffActor", str)
"""A member of staff: ``staff:<id>``, because who did it is a person of their own."""
Who = Actor | StaffActor


def staff(staff_id: str) -> StaffActor:
    return StaffActor(f"staff:{staff_id}")


def record(
    session: Session,
    vault: Vault,
    *,
    at: datetime,
    journey_id: str,
    kind: Kind,
    actor: Who,
    facts: Facts | None = None,
    evidence: Facts | None = None,
    business: Facts | None = None,
    event_id: str | None = None,
) -> Event:
    """Add one event; it has its sequence number then. ``facts`` are kept readable and must hold
    nothing personal. With an ``event_id`` of the caller's there can't be two of it.

    Raises KeyDestroyedError for sealed facts of a journey whose key is gone, and IntegrityError
    for an id that is there already.
    """
    event = _event(at, journey_id, kind, actor, facts, event_id)
    event.evidence = _sealed(session, vault, event, Purpose.EVIDENCE, evidence)
    event.business = _sealed(session, vault, event, Purpose.BUSINESS, business)
    event.hash = event_hash(event)
    session.add(event)
    session.flush()
    return event


def record_each(
    session: Session,
    facts: Iterable[Facts],
    *,
    at: datetime,
    journey_id: str,
    kind: Kind,
    actor: Who,
) -> None:
    """Add one event for each of these facts, in their order, by one statement; nothing sealed."""
    events = [_event(at, journey_id, kind, actor, one) for one in facts]
    for event in events:
        event.hash = event_hash(event)
    # Not as objects: their sequence numbers would be asked for one by one.
    session.execute(
        insert(Event), [{of: getattr(event, of) for of in _WRITTEN} for event in events]
    )


_WRITTEN = [column.key for column in Event.__table__.columns if column.key != "seq"]


def _event(
    at: datetime,
    journey_id: str,
    kind: Kind,
    actor: Who,
    facts: Facts | None,
    event_id: str | None = None,
) -> Event:
    return Event(
        id=event_id or uuid.uuid4().hex,
        at=at,
        journey_id=journey_id,
        kind=kind,
        actor=actor,
        # As it will be read again: in a database every key is text, and every tuple a list.
        facts=json.loads(canonical(facts or {})),
        evidence=None,
        business=None,
    )


def read(session: Session, vault: Vault, event: Event, purpose: Purpose) -> Facts | None:
    """The sealed facts of an event, None if it has none. Raises KeyDestroyedError."""
    sealed = event.evidence if purpose is Purpose.EVIDENCE else event.business
    if sealed is None:
        return None
    seal = keys.seal(session, vault, event.journey_id, purpose)
    facts: Facts = seal.open_json(_place(event, purpose), sealed)
    return facts


def preimage(event: Event | AnyRow) -> dict[str, Any]:
    """What the hash of an event covers: every field but the sequence number, which is the
    tree's business."""
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "journey": event.journey_id,
        "kind": event.kind,
        "actor": event.actor,
        "facts": event.facts,
        "evidence_sha256": _digest(event.evidence),
        "business_sha256": _digest(event.business),
    }


def event_hash(event: Event | AnyRow) -> str:
    """SHA-256 (hex) over the canonical JSON of the event's preimage."""
    return sha256(canonical(preimage(event))).hexdigest()


def _digest(sealed: bytes | None) -> str | None:
    return None if sealed is None else sha256(sealed).hexdigest()


def _sealed(
    session: Session, vault: Vault, event: Event, purpose: Purpose, facts: Facts | None
) -> bytes | None:
    if facts is None:
        return None
    seal = keys.seal(session, vault, event.journey_id, purpose)
    return seal.close_json(_place(event, purpose), dict(facts))


def _place(event: Event, purpose: Purpose) -> str:
    return f"event:{event.id}:{purpose}"
