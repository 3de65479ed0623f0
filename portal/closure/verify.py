"""Proving who one is: a code by SMS to the registered number, which is also the sign-in (三.3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.closure import alarm, consent, vouching
from portal.closure.consent import Proof
from portal.closure.lifecycle import RESTORABLE, open_of
from portal.identity import challenge, sign_in
from portal.identity.challenge import Problem, Started, Verdict
from portal.identity.sign_in import Visitor
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.messages.texts import Purpose
from portal.services import Services


@dataclass(frozen=True)
class Verified:
    """A browser that gave the right code."""

    account_id: str
    token: str
    """Its sign-in."""
    reference: str | None
    """The account's open closure, if there is one."""


def request_code(
    services: Services,
    phone: str,
    purpose: Purpose,
    address: str,
    visitors: Sequence[Visitor],
    language: Language = Language.CHINESE,
) -> Started:
    """Send a code to an E.164 number, if it is registered; the answer does not tell.

    ``visitors`` is all that this browser has proved, ``language`` that of the SMS.

    Raises LimitedError and AccountSystemUnavailableError.
    """
    account = services.accounts.find(phone)
    account_id = account.id if account else None
    now = services.clock()
    ring = None
    with services.store.begin() as session:
        started = challenge.start(
            session,
            services.vault,
            now,
            phone,
            account_id,
            address,
            reserved=_owns_open_closure(session, visitors, account_id),
        )
        if started.code:
            texts = services.texts.in_language(language)
            text = texts.code(purpose, started.code, started.expires_at)
            ring = outbox.post(
                session,
                services.vault,
                now,
                MessageKind.CODE,
                phone,
                text,
                started.expires_at,
            )
    if ring:
        services.bell.ring(ring)
    return started


def answer_code(
    services: Services,
    challenge_id: str,
    text: str,
    journey_token: str | None,
    visitor: Visitor | None,
) -> Verified | Verdict:
    """Judge the code. When it is right: sign in, and bind the draft of this browser's consent.

    ``visitor`` is whom this browser was before; that sign-in ends.
    """
    with services.store.begin() as session:
        asked = challenge.asked_for(session, services.vault, challenge_id)
    if asked is None:
        return Verdict(problem=Problem.DEAD)
    now = services.clock()
    with services.store.begin() as session:
        verdict = challenge.answer(session, services.vault, now, challenge_id, text)
        if verdict.guessed_at:
            alarm.raise_for(services, session, verdict.guessed_at, asked.phone, now)
        if verdict.account_id is None:
            return verdict
        token = sign_in.open_account(
            session, verdict.account_id, now, instead_of=visitor.token_hash if visitor else None
        )
        closure = open_of(session, verdict.account_id)
        if closure is None and journey_token:
            bind(services, session, journey_token, Proof(verdict.account_id, now, asked.phone))
    return Verified(verdict.account_id, token, closure.reference if closure else None)


def bind_signed_in(services: Services, journey_token: str, visitor: Visitor) -> None:
    """Bind the draft to an account whose code was given a moment ago in this same browser, or
    for which a help case stood in."""
    if visitor.account_id is None:
        return
    proof = Proof(visitor.account_id, visitor.verified_at)
    with services.store.begin() as session:
        if visitor.case_id is None:
            bind(services, session, journey_token, proof)
        elif vouched := vouching.proof(session, services.vault, visitor.case_id):
            bind(services, session, journey_token, vouched)


def bind(services: Services, session: Session, journey_token: str, proof: Proof) -> None:
    """Bind the draft of this browser's consent to the account of the proof."""
    journey = consent.find(session, journey_token, services.clock())
    if (
        journey is None
        or journey.submitted_at
        or journey.account_id not in (None, proof.account_id)
    ):
        return
    if proof.vouched and not vouching.spend(session, proof.vouched.case, journey.id):
        return
    consent.bind(session, services.vault, journey, proof, services.settings.evidence_term)


def _owns_open_closure(
    session: Session, visitors: Sequence[Visitor], account_id: str | None
) -> bool:
    """Whether this browser is proved to be the owner's of the number's open closure."""
    closure = open_of(session, account_id) if account_id else None
    if closure is None or closure.state not in RESTORABLE:
        return False
    return any(
        visitor.account_id == account_id or visitor.closure_id == closure.id for visitor in visitors
    )
