"""What the two receipts of a closure say: of the request, and of what was erased.

Nothing personal: whoever is shown one learns what was agreed to and done, not who it was.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.system import Certificate, Treated, Words
from portal.closure.lifecycle import by_reference
from portal.evidence import checking, receipt
from portal.evidence.checking import Verdict
from portal.evidence.receipt import ReceiptKind
from portal.services import Services
from portal.store import alerts
from portal.store.tables import Closure, Journey, Receipt

Documents = Mapping[ReceiptKind, dict[str, Any]]
"""What a person can keep of one closure."""


def of_submission(closure: Closure, journey: Journey) -> dict[str, Any]:
    """What was shown, agreed to, asked for and promised."""
    return {
        **_both(closure),
        "notice": {
            "version": journey.version,
            "source_sha256": journey.source_sha256,
            "fragment_sha256": journey.fragment_sha256,
            "language": journey.language,
            "box": journey.box_wording,
            "shown_at": journey.shown_at.isoformat(),
            "accepted_at": journey.accepted_at.isoformat(),
        },
        "restorable_until": closure.erase_at.isoformat(),
        "closed_by": closure.promise_at.isoformat(),
    }


def of_closing(
    session: Session, closure: Closure, certificate: Certificate, now: datetime
) -> dict[str, Any]:
    """What became of every kind of data, and where the notice agreed to can be looked up."""
    request = session.get(Receipt, (closure.id, ReceiptKind.SUBMISSION))
    return {
        **_both(closure),
        "notice": json.loads(request.content)["notice"] if request else closure.notice_version,
        "erasing_since": closure.changed_at.isoformat(),
        "closed_at": now.isoformat(),
        "data": [_treated(one) for one in certificate.treated],
        "storage": _words(certificate.storage),
    }


def documents(services: Services, closure: Closure) -> Documents:
    """What the person can keep of this closure, by kind; the proof joins after the next head."""
    mine = select(Receipt).where(Receipt.closure_id == closure.id).order_by(Receipt.kind)
    with services.store.begin() as session:
        return {
            ReceiptKind(one.kind): receipt.document(session, services.vault, one)
            for one in session.scalars(mine)
        }


@dataclass(frozen=True)
class Checked:
    verdict: Verdict
    known: bool
    """Whether the closure is known here; if not, a genuine receipt is a claim."""


def check(services: Services, document: bytes) -> Checked:
    """Judge what somebody hands in. A genuine receipt of a closure that is not known, because an
    old backup was restored, becomes an alert: it is its holder's claim."""
    key = services.vault.signing_key.public_key()
    verdict = checking.check(document, key, services.witness.heads)
    if not (verdict.genuine and verdict.content):
        return Checked(verdict, known=True)
    reference = str(verdict.content["reference"])
    with services.store.begin() as session:
        known = by_reference(session, reference) is not None
        if not known:
            alerts.raise_alert(session, alerts.Kind.CLAIM, reference, services.clock())
    return Checked(verdict, known)


def _both(closure: Closure) -> dict[str, Any]:
    return {
        "reference": closure.reference,
        "closes": "account" if closure.whole else "recruiter identity",
        "submitted_at": closure.submitted_at.isoformat(),
    }


def _treated(one: Treated) -> dict[str, Any]:
    said: dict[str, Any] = {
        "category": one.name,
        "label": _words(one.label),
        "outcome": one.outcome,
        "rows": one.rows,
    }
    if one.basis and one.until:
        said["basis"], said["until"] = _words(one.basis), _words(one.until)
    if one.ends:
        said["ends"] = one.ends.isoformat()
    return said


def _words(words: Words) -> dict[str, str]:
    return asdict(words)
