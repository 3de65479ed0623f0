"""Taking the request: one closure per account, with everything that must follow from it."""

import uuid

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.accounts.system import Account
from portal.closure import deadlines, receipts, reminding, successors
from portal.closure import journey as walk
from portal.closure.journey import Facts, FactsChangedError, Stage
from portal.closure.lifecycle import State, open_of
from portal.evidence import receipt
from portal.evidence.ledger import Actor
from portal.evidence.receipt import ReceiptKind
from portal.identity import private_link, readable
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, Journey


def submit(services: Services, journey: Journey, account: Account) -> Closure:
    """Make the closure, or answer the open one: a second tab changes nothing.

    Raises FactsChangedError when something is not as the person confirmed it, and
    AccountSystemUnavailableError.
    """
    facts = walk.read_facts(services, journey, account)
    walk.compare(services, journey, facts)
    if journey.version != services.notices.in_force(services.clock()).version:
        raise FactsChangedError(Stage.NOTICE)
    try:
        closure, due = _take(services, journey, facts)
    except (IntegrityError, _MovedOnError):
        with services.store.begin() as session:
            if already := existing(session, journey, account.id):
                return already
        raise FactsChangedError(Stage.CONFIRM) from None
    services.bell.ring(*due)
    return closure


def existing(session: Session, journey: Journey, account_id: str) -> Closure | None:
    """The closure this journey became, or the account's open one."""
    mine = select(Closure).where(Closure.journey_id == journey.id)
    return session.scalar(mine) or open_of(session, account_id)


class _MovedOnError(Exception):
    """Another tab submitted this journey, or changed it, a moment ago."""


def _take(services: Services, journey: Journey, facts: Facts) -> tuple[Closure, list[str]]:
    """One transaction: closure, event, link, message, tasks. Answers what to ring for."""
    now = services.clock()
    until = deadlines.at_submission(services.settings, now)
    with services.store.begin() as session:
        _claim_journey(session, journey, now)
        closure = Closure(
            id=uuid.uuid4().hex,
            reference=new_reference(),
            journey_id=journey.id,
            state=State.PENDING,
            version=1,
            account_id=facts.account.id,
            identity_ids=list(facts.scope.identity_ids),
            whole=facts.scope.whole,
            shared_jobs_too=services.settings.shared_jobs_too,
            notice_version=journey.version,
            language=journey.language,
            submitted_at=now,
            erase_at=until.erase_at,
            promise_at=until.promise_at,
            changed_at=now,
            access_confirmed=False,
        )
        session.add(closure)
        session.flush()
        _record(services, session, closure, journey)
        message = _tell(services, session, closure, facts.account.phone)
        due = [
            message,
            tasks.schedule(session, tasks.Kind.ACCESS, closure.id, now),
            tasks.schedule(session, tasks.Kind.REVIEW, closure.id, now),
            *successors.tell(services, session, closure, now),
        ]
        tasks.schedule(session, tasks.Kind.ERASE, closure.id, until.erase_at)
        reminding.plan(session, closure, now)
    return closure, due


def _claim_journey(session: Session, journey: Journey, now: object) -> None:
    first = session.scalar(
        update(Journey)
        .where(
            Journey.id == journey.id,
            Journey.submitted_at.is_(None),
            Journey.accepted_at == journey.accepted_at,
            Journey.consequences == journey.consequences,
        )
        .values(submitted_at=now)
        .returning(Journey.id)
    )
    if first is None:
        raise _MovedOnError


def _record(services: Services, session: Session, closure: Closure, journey: Journey) -> None:
    receipt.issue(
        session,
        services.vault,
        closure.id,
        ReceiptKind.SUBMISSION,
        receipts.of_submission(closure, journey),
        at=closure.submitted_at,
        journey_id=closure.journey_id,
        actor=Actor.PERSON,
        facts={
            "reference": closure.reference,
            "notice": closure.notice_version,
            "whole": closure.whole,
            "erase_at": closure.erase_at.isoformat(),
            "promise_at": closure.promise_at.isoformat(),
        },
        evidence={"account": closure.account_id, "identities": closure.identity_ids},
    )


def _tell(services: Services, session: Session, closure: Closure, phone: str) -> str:
    language = Language(closure.language)
    token = private_link.make(session, closure.id, closure.submitted_at)
    text = services.texts.in_language(language).submitted(
        closure.reference,
        closure.erase_at,
        f"{services.settings.base_url}{language.prefix}/p/{token}",
    )
    return outbox.post(
        session,
        services.vault,
        closure.submitted_at,
        MessageKind.SUBMITTED,
        phone,
        text,
        # Worth sending until the end: afterwards its link is the only way to see the result.
        closure.promise_at,
        closure.id,
        closure.version,
    )


def new_reference() -> str:
    """受理编号, e.g. ZX-7K3MP-9QXTA: 50 random bits."""
    return f"ZX-{readable.draw(2, 5)}"
