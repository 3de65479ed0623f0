"""What needs two: one proposes, another approves. The guarded UPDATE refuses the same one twice."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.closure import brake, holding, vouching
from portal.closure.consent import Vouched
from portal.closure.holding import Reason
from portal.closure.lifecycle import open_of
from portal.closure.telling import tell
from portal.evidence.ledger import Actor, Who
from portal.evidence.ledger import Kind as Told
from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.overtaken import or_overtaken, overtaken
from portal.staffroom.telling import note
from portal.store.tables import Closure, HelpCase, Proposal, Waiver

LIFE = timedelta(days=7)
"""A proposal that nobody decided by then lapses."""


_KEPT = timedelta(days=1)


class Kind(StrEnum):
    RELEASE = "release"
    """Let a closure go on that is held for an authority (三.5)."""
    WAIVE = "waive"
    """Let an account's unsafe events pass (一.2.5)."""
    LIFT = "lift"
    """Let erasing go on for everybody."""
    VOUCH = "vouch"
    """Let a help case stand in for the SMS code of a lost phone (三.3)."""


@dataclass(frozen=True)
class Proposed:
    """An open proposal, opened."""

    row: Proposal
    what: dict[str, Any]


class AlreadyProposedError(Exception):
    """The same is proposed already and waits for a second person."""


class OwnProposalError(Exception):
    """The second person has to be another one."""


class DecidedError(Exception):
    """Somebody has decided it meanwhile, or it lapsed."""


def propose_release(
    services: Services, me: Member, closure: Closure, version: int, why: str
) -> None:
    """Raises AlreadyProposedError, and OvertakenError when it is not held so any more."""
    if (closure.version, closure.hold_reason) != (version, Reason.AUTHORITY):
        raise overtaken(services, closure)
    what = {"version": version, "why": why, "reference": closure.reference}
    _propose(services, me, Kind.RELEASE, closure.id, what, closure)


def propose_waiver(services: Services, me: Member, account_id: str, why: str) -> None:
    """For what happened up to now; what happens afterwards counts. Raises AlreadyProposedError."""
    until = services.clock().isoformat()
    what = {"account": account_id, "until": until, "why": why}
    with services.store.begin() as session:
        closure = open_of(session, account_id)
    subject = services.vault.digest("account", account_id)
    _propose(services, me, Kind.WAIVE, subject, what, closure)


def propose_lift(services: Services, me: Member, why: str) -> None:
    """For the brake that is on. Raises AlreadyProposedError."""
    _propose(services, me, Kind.LIFT, "brake", {"why": why}, None)


def propose_vouching(
    services: Services,
    me: Member,
    case: HelpCase,
    account_id: str,
    compared: Sequence[str],
    why: str,
) -> None:
    """That it is the account's owner who wrote the case: by what was compared, and how.

    Raises AlreadyProposedError.
    """
    what = {"account": account_id, "case": case.id, "reference": case.reference, "why": why}
    with services.store.begin() as session:
        closure = open_of(session, account_id)
    _propose(services, me, Kind.VOUCH, case.id, {**what, "compared": list(compared)}, closure)


def waiting(services: Services) -> list[Proposed]:
    """What nobody has decided yet, the oldest first."""
    undecided = select(Proposal).where(Proposal.decided_at.is_(None)).order_by(Proposal.at)
    with services.store.begin() as session:
        return [Proposed(row, _opened(services, row)) for row in session.scalars(undecided)]


def find(services: Services, proposal_id: str) -> Proposed | None:
    """The proposal, while it is open."""
    with services.store.begin() as session:
        row = session.get(Proposal, proposal_id)
    return Proposed(row, _opened(services, row)) if row and row.decided_at is None else None


def approve(services: Services, me: Member, proposed: Proposed) -> None:
    """Be the second person, and have it done.

    Raises OwnProposalError, DecidedError, AccountSystemUnavailableError, and OvertakenError when
    the closure has moved on since: then nothing is done and the proposal is over.
    """
    now = services.clock()
    if proposed.row.by == me.actor:
        raise OwnProposalError
    account_id = proposed.what.get("account")
    if account_id and services.accounts.account(account_id) is None:
        # Closed meanwhile: nothing may name it any more.
        raise DecidedError
    with services.store.begin() as session:
        _decide(session, proposed.row.id, me.actor, now, Proposal.by != me.actor, approved=True)
        _tell(services, session, proposed, Told.APPROVED, now, me.actor)
        if proposed.row.kind == Kind.WAIVE:
            _waive(services, session, proposed, me, now)
        done = proposed.row.kind != Kind.VOUCH or _vouch(services, session, proposed, me, now)
    if not done:
        raise DecidedError
    if proposed.row.kind == Kind.RELEASE:
        _release(services, proposed, me)
    if proposed.row.kind == Kind.LIFT and not brake.lift(services, me.actor):
        raise DecidedError


def decline(services: Services, me: Member, proposed: Proposed) -> None:
    """Say no, or take one's own proposal back. Raises DecidedError."""
    now = services.clock()
    with services.store.begin() as session:
        _decide(session, proposed.row.id, me.actor, now, approved=False)
        _tell(services, session, proposed, Told.DECLINED, now, me.actor)


def tidy(session: Session, now: datetime) -> None:
    """End what nobody decided in time, and forget what it said; the ledger has the decisions."""
    session.execute(delete(Proposal).where(Proposal.decided_at <= now - _KEPT))
    old = update(Proposal).where(Proposal.decided_at.is_(None), Proposal.at <= now - LIFE)
    session.execute(
        old.values(decided_at=now, decided_by=Actor.PORTAL, approved=False, sealed=None)
    )


def _propose(
    services: Services,
    me: Member,
    kind: Kind,
    subject: str,
    what: dict[str, Any],
    closure: Closure | None,
) -> None:
    now, proposal_id = services.clock(), uuid.uuid4().hex
    row = Proposal(id=proposal_id, kind=kind, subject=subject, by=me.actor, at=now)
    row.sealed = services.vault.close_json(_place(row), what)
    try:
        with services.store.begin() as session:
            session.add(row)
            session.flush()
            _told(services, session, row, closure, Told.PROPOSED, now, me.actor, what["why"])
    except IntegrityError:
        raise AlreadyProposedError from None


def _decide(
    session: Session,
    proposal_id: str,
    by: Who,
    now: datetime,
    *conditions: Any,
    approved: bool,
) -> None:
    mine = update(Proposal).where(
        Proposal.id == proposal_id,
        Proposal.decided_at.is_(None),
        Proposal.at > now - LIFE,
        *conditions,
    )
    decided = {"decided_by": by, "decided_at": now, "approved": approved, "sealed": None}
    if session.scalar(mine.values(**decided).returning(Proposal.id)) is None:
        raise DecidedError


def _release(services: Services, proposed: Proposed, me: Member) -> None:
    with services.store.begin() as session:
        closure = session.get_one(Closure, proposed.row.subject)
    same = Closure.version == proposed.what["version"]
    business = {"internal": proposed.what["why"], "proposed_by": proposed.row.by}
    with or_overtaken(services, closure):
        holding.resume(services, closure.id, me.actor, business, same)


def _waive(
    services: Services, session: Session, proposed: Proposed, me: Member, now: datetime
) -> None:
    waiver = Waiver(id=uuid.uuid4().hex, account_id=proposed.what["account"], at=now)
    waiver.until = datetime.fromisoformat(proposed.what["until"])
    waiver.proposed_by, waiver.approved_by = proposed.row.by, me.actor
    why = {"why": proposed.what["why"]}
    waiver.sealed = services.vault.close_json(f"waiver:{waiver.id}", why)
    session.add(waiver)
    _tell(services, session, proposed, Told.WAIVED, now, me.actor)


def _vouch(
    services: Services, session: Session, proposed: Proposed, me: Member, now: datetime
) -> bool:
    """Answer whether the case is still there to stand in for anything."""
    what, by = proposed.what, proposed.row.by
    vouched = Vouched(what["reference"], by, me.actor, (*what["compared"], what["why"]))
    account_id, case_id = what["account"], what["case"]
    return vouching.grant(session, services.vault, case_id, account_id, vouched, now)


def _tell(
    services: Services, session: Session, proposed: Proposed, kind: Told, now: datetime, by: Who
) -> None:
    if proposed.row.kind == Kind.RELEASE:
        closure = session.get(Closure, proposed.row.subject)
    else:
        closure = open_of(session, proposed.what.get("account", ""))
    _told(services, session, proposed.row, closure, kind, now, by, proposed.what["why"])


def _told(
    services: Services,
    session: Session,
    row: Proposal,
    closure: Closure | None,
    kind: Told,
    now: datetime,
    by: Who,
    why: str,
) -> None:
    """In the journey it is about, where there is one."""
    facts = {"proposal": row.id, "what": row.kind}
    if closure is None:
        note(services, session, kind, now, actor=by, facts=facts)
    else:
        business = {"internal": why}
        tell(services, session, closure, kind, now, actor=by, facts=facts, business=business)


def _opened(services: Services, row: Proposal) -> dict[str, Any]:
    opened: dict[str, Any] = services.vault.open_json(_place(row), row.sealed or b"")
    return opened


def _place(row: Proposal) -> str:
    return f"proposal:{row.id}"
