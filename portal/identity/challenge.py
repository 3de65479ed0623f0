"""One SMS code: started, answered, single-use (ASVS 6.5.1, 6.5.5, 6.6.2; SP 800-63B 3.1.3.2).

A wrong answer must stay counted, so ``answer`` never raises for one: it answers a Verdict, and
the caller commits whatever it says. Every answer for a number waits its turn at the number's
failure bucket, then takes a try by a guarded UPDATE, and only then compares.

A number that nobody registered takes the same path: every answer is wrong, tries and failures
count alike. It gets no code to send, or the portal would send SMS to people who never asked.
"""

import hmac
import uuid
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from portal.identity import codes, limits, rates
from portal.store.tables import Challenge
from portal.store.vault import Vault

VALID = timedelta(minutes=10)
TRIES = 5


class State(StrEnum):
    LIVE = "live"
    USED = "used"
    DEAD = "dead"
    """Replaced by a newer code, or its tries are used up."""


class Problem(StrEnum):
    """Why an answer did not prove anything, for the page to word."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"
    WRONG = "wrong"
    EXPIRED = "expired"
    DEAD = "dead"
    LOCKED = "locked"


@dataclass(frozen=True)
class Started:
    challenge_id: str
    code: str | None
    """To be sent to the number; None for a number that nobody registered."""
    expires_at: datetime
    resend_at: datetime
    """Before this instant no other code can be sent to the number."""


@dataclass(frozen=True)
class Asked:
    """A challenge as its own browser may see it."""

    phone: str
    expires_at: datetime
    resend_at: datetime


@dataclass(frozen=True)
class Verdict:
    """Either the account whose owner answered right, or a problem."""

    account_id: str | None = None
    problem: Problem | None = None
    left: int = 0
    """With WRONG: how many tries this code still has."""
    until: datetime | None = None
    """With LOCKED: when the number can be tried again."""
    guessed_at: str | None = field(default=None, compare=False)
    """The account whose owner is to be told: this answer used up the code's tries, or locked the
    number. Whoever typed it is answered as for a number that nobody registered."""


def start(
    session: Session,
    vault: Vault,
    now: datetime,
    phone: str,
    account_id: str | None,
    address: str,
    *,
    reserved: bool = False,
) -> Started:
    """A new code for an E.164 number; the older one dies.

    ``address`` is the IP address that asks. ``reserved`` is for whoever is proved to own the open
    closure of this number: that code has limits of its own (see rates) and dies only by a newer
    one of the same kind. Raises LimitedError; nothing is then changed.
    """
    number = rates.number_digest(vault, phone)
    if locked := limits.reached(session, rates.failures(number, reserved=reserved), now):
        raise locked
    asked = rates.sends(vault, phone, address, reserved=reserved)
    sent = rates.sent(vault, phone, reserved=reserved)
    limits.take(session, {**asked, **sent}, now, spared=() if account_id else sent)
    _kill_older(session, number, reserved=reserved)
    challenge_id, code = uuid.uuid4().hex, codes.draw()
    session.add(
        Challenge(
            id=challenge_id,
            number=number,
            phone=vault.close(_place(challenge_id), phone.encode()),
            account_id=account_id,
            reserved=reserved,
            code_mac=codes.mac(vault, challenge_id, code),
            state=State.LIVE,
            tries=0,
            created_at=now,
            expires_at=now + VALID,
        )
    )
    return Started(
        challenge_id=challenge_id,
        code=code if account_id is not None else None,
        expires_at=now + VALID,
        resend_at=now + rates.PAUSE.window,
    )


def asked_for(session: Session, vault: Vault, challenge_id: str) -> Asked | None:
    """What the challenge was started for; None when it is gone or was answered right."""
    row = session.get(Challenge, challenge_id)
    if row is None or row.phone is None:
        return None
    phone = vault.open(_place(challenge_id), row.phone).decode()
    return Asked(phone, row.expires_at, row.created_at + rates.PAUSE.window)


def answer(session: Session, vault: Vault, now: datetime, challenge_id: str, text: str) -> Verdict:
    """Judge what was typed for a challenge. The caller must commit, whatever the verdict.

    What can't be a code counts no try; a right answer counts only once.
    """
    try:
        code = codes.read(text)
    except codes.CodeFormError as error:
        return Verdict(problem=Problem(error.problem))
    asked = session.execute(
        select(Challenge.number, Challenge.reserved).where(Challenge.id == challenge_id)
    ).one_or_none()
    if asked is None:
        return Verdict(problem=Problem.DEAD)
    failures = rates.failures(asked.number, reserved=asked.reserved)
    limits.queue_up(session, failures, now)
    if locked := _locked(session, failures, now):
        return locked
    return _try(session, vault, now, challenge_id, code, failures)


def _try(
    session: Session,
    vault: Vault,
    now: datetime,
    challenge_id: str,
    code: str,
    failures: limits.Buckets,
) -> Verdict:
    """Take a try, then compare."""
    tried = session.execute(
        update(Challenge)
        .where(_live(challenge_id), Challenge.expires_at > now, Challenge.tries < TRIES)
        .values(tries=Challenge.tries + 1)
        .returning(Challenge.tries, Challenge.code_mac, Challenge.account_id)
    ).one_or_none()
    if tried is None:
        return Verdict(problem=_why_over(session, challenge_id))
    same = hmac.compare_digest(tried.code_mac, codes.mac(vault, challenge_id, code))
    if same and tried.account_id is not None and _leave_live(session, challenge_id, State.USED):
        limits.clear(session, failures)
        return Verdict(account_id=tried.account_id)
    limits.count(session, failures, now)
    if tried.tries == TRIES:
        _leave_live(session, challenge_id, State.DEAD)
    locked = _locked(session, failures, now)
    verdict = locked or Verdict(problem=Problem.WRONG, left=TRIES - tried.tries)
    alarming = locked or tried.tries == TRIES
    return replace(verdict, guessed_at=tried.account_id) if alarming else verdict


def _locked(session: Session, failures: limits.Buckets, now: datetime) -> Verdict | None:
    full = limits.reached(session, failures, now)
    return Verdict(problem=Problem.LOCKED, until=full.until) if full else None


def _live(challenge_id: str) -> ColumnElement[bool]:
    return and_(Challenge.id == challenge_id, Challenge.state == State.LIVE)


def _leave_live(session: Session, challenge_id: str, state: State) -> bool:
    """Whether it was this call that ended the challenge."""
    ended = update(Challenge).where(_live(challenge_id)).values(state=state)
    if state is State.USED:
        ended = ended.values(phone=None)
    return session.scalar(ended.returning(Challenge.id)) is not None


def _why_over(session: Session, challenge_id: str) -> Problem:
    live = session.scalar(select(Challenge.id).where(_live(challenge_id)))
    return Problem.DEAD if live is None else Problem.EXPIRED


def _kill_older(session: Session, number: str, *, reserved: bool) -> None:
    older = update(Challenge).where(
        Challenge.number == number,
        Challenge.state == State.LIVE,
        # Somebody who only knows the number must not be able to kill the owner's reserved code.
        Challenge.reserved.in_([False, reserved]),
    )
    session.execute(older.values(state=State.DEAD))


def _place(challenge_id: str) -> str:
    return f"challenge.phone:{challenge_id}"
