"""Receipts: a signed text about one closure that proves itself, with nothing personal in it.

Its digest is in the event that tells of the same thing, and its signature covers both: whoever
holds it can show what was said, and that the ledger has to have that event in that place.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evidence.canonical import canonical, strict
from portal.evidence.heads import Head, leaf
from portal.evidence.ledger import Actor, Facts, Kind, preimage, record
from portal.evidence.signing import Subject, named, sign
from portal.evidence.tree import audit_path
from portal.store.tables import Anchor, Event, Receipt
from portal.store.vault import Vault

FORMAT = "zhilian-closure-receipt/1"


class ReceiptKind(StrEnum):
    SUBMISSION = "submission"
    CLOSING = "closing"


_EVENTS = {ReceiptKind.SUBMISSION: Kind.SUBMITTED, ReceiptKind.CLOSING: Kind.CLOSED}


def issue(
    session: Session,
    vault: Vault,
    closure_id: str,
    kind: ReceiptKind,
    content: Mapping[str, Any],
    *,
    at: datetime,
    journey_id: str,
    actor: Actor,
    facts: Facts | None = None,
    evidence: Facts | None = None,
    business: Facts | None = None,
) -> Receipt:
    """Tell the ledger of the submission or the closing, and sign the receipt of it.

    The event gets ``facts`` and the receipt's digest, and its parts as with ``ledger.record``.
    ``content`` must hold nothing personal. Raises KeyDestroyedError, and ValueError or TypeError
    for a content that is no JSON.
    """
    body = canonical({**content, "format": FORMAT, "kind": kind})
    event = record(
        session,
        vault,
        at=at,
        journey_id=journey_id,
        kind=_EVENTS[kind],
        actor=actor,
        facts={**(facts or {}), "receipt": digest(body)},
        evidence=evidence,
        business=business,
    )
    receipt = Receipt(
        closure_id=closure_id,
        kind=kind,
        content=body,
        signature=sign(vault.signing_key, Subject.RECEIPT, statement(body, event.seq, event.hash)),
        event_id=event.id,
    )
    session.add(receipt)
    session.flush()
    return receipt


def digest(content: bytes) -> str:
    """How the event names the content of its receipt."""
    return sha256(content).hexdigest()


def statement(content: bytes, seq: int, event_hash: str) -> bytes:
    """What the signature of a receipt covers: its content, and its event's place and hash."""
    return f"{digest(content)}\n{seq}:{event_hash}".encode()


def document(session: Session, vault: Vault, receipt: Receipt) -> dict[str, Any]:
    """What the person saves: all that a check needs besides the public key and the heads.

    ``proof`` and ``head`` are there once a head covers the event.
    """
    event = session.scalars(select(Event).where(Event.id == receipt.event_id)).one()
    return {
        "content": strict(receipt.content),
        "signature": receipt.signature.hex(),
        "key": named(vault.signing_key.public_key()),
        "event": {**preimage(event), "seq": event.seq},
        **_proof(session, event),
    }


def _proof(session: Session, event: Event) -> dict[str, Any]:
    covering = select(Anchor).where(Anchor.last_seq >= event.seq, Anchor.first_seq <= event.seq)
    anchor = session.scalar(covering.order_by(Anchor.number))
    if anchor is None:
        return {}
    covered = Event.seq.between(anchor.first_seq, anchor.last_seq)
    query = select(Event.seq, Event.hash).where(covered).order_by(Event.seq)
    events = session.execute(query).all()
    index = [seq for seq, _ in events].index(event.seq)
    path = audit_path([leaf(seq, event_hash) for seq, event_hash in events], index)
    return {
        "proof": {
            "head": anchor.number,
            "index": index,
            "size": len(events),
            "path": [step.hex() for step in path],
        },
        "head": Head.of_line(anchor.head.decode()).fields,
    }
