"""What stands in for the code of a lost phone: a help case that two members of staff vouched for.

Granted by twos, taken once within 24 hours, spent on one journey. Who the two were and what they
compared becomes evidence of that journey.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from portal.closure import help_ties
from portal.closure.consent import Proof, Vouched
from portal.store.tables import HelpCase, HelpPass
from portal.store.vault import Vault

LIFE = timedelta(hours=24)


def grant(
    session: Session,
    vault: Vault,
    case_id: str,
    account_id: str,
    vouched: Vouched,
    now: datetime,
) -> bool:
    """Let the case open this account once; answer False where the case has ended meanwhile.

    An older pass of the case is over. From now on the case belongs to the account, and goes when
    it closes.
    """
    case = session.get(HelpCase, case_id, with_for_update=True)
    if case is None or case.state == help_ties.State.ENDED:
        return False
    seal = help_ties.seal_of(vault, case)
    kept = {"account": account_id, "compared": list(vouched.compared)}
    session.merge(
        HelpPass(
            case_id=case_id,
            sealed=seal.close_json(_place(case_id), kept),
            proposed_by=vouched.by,
            approved_by=vouched.second,
            granted_at=now,
            expires_at=now + LIFE,
            used_at=None,
            journey_id=None,
        )
    )
    help_ties.tie(vault, case, account_id)
    case.version += 1
    return True


def valid(session: Session, case_id: str, now: datetime) -> HelpPass | None:
    """The pass of this case that can still be taken."""
    mine = select(HelpPass).where(HelpPass.case_id == case_id, *_untaken(now))
    return session.scalar(mine)


def account_of(session: Session, vault: Vault, case: HelpCase) -> str | None:
    """Which account the case was granted to open; None where it was not."""
    pass_ = session.get(HelpPass, case.id)
    return _kept(vault, case, pass_)["account"] if pass_ else None


def take(session: Session, vault: Vault, case_id: str, now: datetime) -> Proof | None:
    """Use the pass up; None when it was taken before, is over, or there never was one."""
    mine = update(HelpPass).where(HelpPass.case_id == case_id, *_untaken(now))
    taken = session.scalar(mine.values(used_at=now).returning(HelpPass.case_id))
    session.expire_all()
    return proof(session, vault, case_id) if taken else None


def proof(session: Session, vault: Vault, case_id: str) -> Proof | None:
    """What the pass proves, once it was taken."""
    case, pass_ = session.get(HelpCase, case_id), session.get(HelpPass, case_id)
    if case is None or pass_ is None or pass_.used_at is None:
        return None
    kept = _kept(vault, case, pass_)
    who = (pass_.proposed_by, pass_.approved_by)
    vouched = Vouched(case.reference, *who, tuple(kept["compared"]))
    return Proof(kept["account"], pass_.used_at, vouched=vouched)


def spend(session: Session, case: str, journey_id: str) -> bool:
    """Whether this journey is the one that the case (by its number) was taken for."""
    mine = select(HelpCase.id).where(HelpCase.reference == case).scalar_subquery()
    unspent = or_(HelpPass.journey_id.is_(None), HelpPass.journey_id == journey_id)
    spent = update(HelpPass).where(HelpPass.case_id == mine, unspent).values(journey_id=journey_id)
    return session.scalar(spent.returning(HelpPass.case_id)) is not None


def _kept(vault: Vault, case: HelpCase, pass_: HelpPass) -> dict[str, Any]:
    kept: dict[str, Any] = help_ties.seal_of(vault, case).open_json(_place(case.id), pass_.sealed)
    return kept


def _untaken(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return (HelpPass.used_at.is_(None), HelpPass.expires_at > now)


def _place(case_id: str) -> str:
    return f"help_pass:{case_id}"
