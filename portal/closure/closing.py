"""The last move: 已注销, and the portal's own forgetting in the same transaction.

What stays is the closure's reference, times, version, counts and digests, and the ledger: its
business facts can't be read any more, who and consent only with the evidence key.
"""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.system import Certificate, Residue, Scope
from portal.closure import farewell, help_ties, receipts, successors, waiver
from portal.closure.access import closing_scope
from portal.closure.lifecycle import State, move
from portal.evidence import keys, receipt
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Actor
from portal.evidence.receipt import ReceiptKind
from portal.identity import sign_in, stop_link
from portal.identity.rates import number_digest
from portal.messages import outbox
from portal.services import Services
from portal.store import datamap, downloads, tasks
from portal.store.engine import LogInUseError, empty_log
from portal.store.tables import Challenge, Closure, HandoverOffer, HandoverTold, Journey, Message
from portal.store.tasks import Claim


class ResidueLeftError(Exception):
    """A check found something left; the closure stays ``erasing``. Names places, no values."""

    def __init__(self, left: tuple[Residue, ...]) -> None:
        super().__init__(", ".join(residue.place for residue in left))
        self.left = left


def close(services: Services, claim: Claim, closure: Closure, certificate: Certificate) -> None:
    """Say that it is closed. Only called once the account system's result was checked;
    ``certificate`` is what it says it did.

    Raises ClaimLostError, MovedOnError, and ResidueLeftError for what the portal itself has left.
    """
    now = services.clock()
    account_id = closure.account_id or ""
    with services.store.begin() as session:
        tasks.finish(session, claim)
        tasks.drop(session, (tasks.Kind.ACCESS,), closure.id)
        move(session, closure.id, State.CLOSED, now, account_id=None, identity_ids=[])
        _record(services, session, closure, certificate, now)
        phone = farewell.take(session, services.vault, closure.id)
        number = number_digest(services.vault, phone) if phone else ""
        forget(services, session, closing_scope(closure), number, closure)
        # What was not told by now, the last SMS tells.
        outbox.drop(session, now, Message.closure_id == closure.id)
        if closure.whole:
            _check(services, session, account_id, number)
        last = farewell.say(services, session, closure, phone, now) if phone else None
    if last:
        services.bell.ring(last)
    # The write-ahead log still has the destroyed keys; while others read it, the hourly
    # forgetting empties it.
    with suppress(LogInUseError):
        empty_log(services.store.engine)


def _record(
    services: Services, session: Session, closure: Closure, certificate: Certificate, now: datetime
) -> None:
    """The last event, its receipt, and how long who and consent can be read from now on."""
    receipt.issue(
        session,
        services.vault,
        closure.id,
        ReceiptKind.CLOSING,
        receipts.of_closing(session, closure, certificate, now),
        at=now,
        journey_id=closure.journey_id,
        actor=Actor.PORTAL,
        facts={"whole": closure.whole},
    )
    keys.prolong(session, closure.journey_id, now + services.settings.evidence_term)


def _check(services: Services, session: Session, account_id: str, number: str) -> None:
    """Nothing here may lead to the person any more. Raises ResidueLeftError."""
    session.flush()
    digest = help_ties.account_digest(services.vault, account_id)
    found = {"account": account_id, "account_digest": digest, "number": number}
    left = datamap.traces(session, found)
    if left:
        raise ResidueLeftError(tuple(Residue(place, rows) for place, rows in left.items()))


def forget(
    services: Services,
    session: Session,
    scope: Scope,
    number: str | None = None,
    closure: Closure | None = None,
) -> None:
    """Drop what names the person: of this closure, and of earlier ones of what is closed now.

    ``number`` is the keyed digest of theirs, where it is known.
    """
    account_id, closed = scope.account_id, set(scope.identity_ids)
    sign_in.end_all_of(session, account_id, closure.id if closure else None)
    downloads.destroy(session, account_id)
    drafts = select(Journey.id).where(Journey.account_id == account_id)
    journeys = {*session.scalars(drafts)} | ({closure.journey_id} if closure else set())
    for earlier in session.scalars(select(Closure).where(Closure.account_id == account_id)):
        if scope.whole or closed.issuperset(earlier.identity_ids):
            earlier.account_id, earlier.identity_ids = None, []
            journeys.add(earlier.journey_id)
    for journey_id in journeys:
        keys.destroy(session, journey_id, Purpose.BUSINESS)
    if scope.whole:
        # A code that somebody asked for meanwhile, for a number that was nobody's any more, too.
        mine = (Challenge.account_id == account_id) | (Challenge.number == number)
        session.execute(delete(Challenge).where(mine))
        help_ties.untie(session, services.vault, account_id, number)
        stop_link.forget(session, account_id)
        waiver.forget(session, account_id)
    # Names for what is left, and those of others for what would have been left to whoever leaves.
    left = HandoverOffer.identity_id.in_(closed) | HandoverOffer.to_id.in_(closed)
    if scope.whole:
        left |= HandoverOffer.account_id == account_id
    session.execute(delete(HandoverOffer).where(left))
    session.execute(delete(HandoverTold).where(HandoverTold.to_id.in_(closed)))
    if closure:
        successors.forget(session, closure.id)
    session.execute(delete(Journey).where(Journey.id.in_(journeys)))
