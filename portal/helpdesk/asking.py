"""A person asks for help: one transaction makes the case, and lets their browser follow it."""

import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.closure import help_ties
from portal.closure.help_ties import State
from portal.evidence.ledger import Actor, Kind
from portal.helpdesk import conversation, rates
from portal.helpdesk.conversation import Details, Reach
from portal.helpdesk.telling import tell
from portal.helpdesk.topics import Topic
from portal.helpdesk.writing import plain
from portal.identity import limits, phone, readable, sign_in
from portal.identity.phone import PhoneError
from portal.identity.rates import number_digest
from portal.identity.sign_in import Visitor
from portal.language import Language
from portal.services import Services
from portal.store.tables import Closure, HelpCase
from portal.store.vault import token_hash

PROMISE = timedelta(days=15)
"""Answered this long after the person's last word at the latest."""


@dataclass(frozen=True)
class Drawn:
    """What a case will be known by. Drawn with its form and carried sealed in it, so that sending
    the form twice makes one case, and its page can show the secret although none is kept."""

    case_id: str
    secret: str


@dataclass(frozen=True)
class Wish:
    """What the person wrote in the form."""

    topic: Topic
    text: str
    reach: Reach
    contact: str
    number: str | None = None
    language: Language = Language.CHINESE
    """That of the page."""


@dataclass(frozen=True)
class Asked:
    case: HelpCase
    token: str
    """Lets the browser see the case."""


def draw() -> Drawn:
    """The secret has 140 bits, in groups that can be copied by hand."""
    return Drawn(uuid.uuid4().hex, readable.draw(7, 4))


def ask(
    services: Services, drawn: Drawn, wish: Wish, visitors: Sequence[Visitor], address: str
) -> Asked:
    """Make the case, or answer the one that this form has made already.

    ``visitors`` is all that this browser has proved. Raises LimitedError.
    """
    try:
        with services.store.begin() as session:
            case = make(services, session, drawn, wish, visitors, address)
            return _followed(services, session, case)
    except IntegrityError:
        with services.store.begin() as session:
            return _followed(services, session, session.get_one(HelpCase, drawn.case_id))


def make(
    services: Services,
    session: Session,
    drawn: Drawn,
    wish: Wish,
    visitors: Sequence[Visitor],
    address: str,
) -> HelpCase:
    """As ``ask``, inside somebody's transaction, and without a look at it."""
    case = session.get(HelpCase, drawn.case_id)
    if case is None:
        limits.take(session, rates.cases(services.vault, address), services.clock())
        case = _make(services, session, drawn, wish, visitors)
    return case


def made(services: Services, drawn: Drawn) -> Asked | None:
    """The case that was made with this, to look at; None where there is none."""
    with services.store.begin() as session:
        case = session.get(HelpCase, drawn.case_id)
        return _followed(services, session, case) if case else None


def _followed(services: Services, session: Session, case: HelpCase) -> Asked:
    return Asked(case, sign_in.open_case(session, case.id, services.clock()))


def _make(
    services: Services, session: Session, drawn: Drawn, wish: Wish, visitors: Sequence[Visitor]
) -> HelpCase:
    now = services.clock()
    wrapped, seal = services.vault.new_key(help_ties.key_place(drawn.case_id))
    closure = _closure_of(session, visitors)
    details = Details(
        wish.reach,
        wish.contact,
        wish.number,
        _proved(visitors),
        closure.reference if closure else None,
        wish.language,
    )
    case = HelpCase(
        id=drawn.case_id,
        reference=f"BZ-{readable.draw(2, 5)}",
        secret_hash=token_hash(readable.read(drawn.secret)),
        topic=wish.topic,
        state=State.OPEN,
        version=1,
        opened_at=now,
        due_at=now + PROMISE,
        changed_at=now,
        wrapped=wrapped,
        details=conversation.close_details(seal, drawn.case_id, details),
        number=_number(services, wish),
        outlives=False,
    )
    if account_id := _account_of(visitors, closure):
        help_ties.tie(services.vault, case, account_id)
    session.add(case)
    session.flush()
    conversation.say(session, services.vault, case, Actor.PERSON, plain(wish.text), now)
    facts = {"topic": wish.topic, "due_at": case.due_at.isoformat()}
    tell(services, session, case, Kind.HELP_ASKED, now, facts=facts)
    return case


def _number(services: Services, wish: Wish) -> str | None:
    """By what the staff find the case: the number that is said to be registered, else the one to
    ring, where it is a mobile's."""
    number = wish.number
    if number is None and wish.reach is Reach.PHONE:
        with suppress(PhoneError):
            number = phone.parse(wish.contact)
    return number_digest(services.vault, number) if number else None


def _proved(visitors: Sequence[Visitor]) -> str | None:
    if any(one.account_id for one in visitors):
        return "account" if any(one.by_code for one in visitors) else "case"
    return "link" if any(one.closure_id for one in visitors) else None


def _closure_of(session: Session, visitors: Sequence[Visitor]) -> Closure | None:
    """The closure that this browser looks after, the newest of its account's."""
    accounts = [one.account_id for one in visitors if one.account_id]
    links = [one.closure_id for one in visitors if one.closure_id]
    mine = Closure.account_id.in_(accounts) if accounts else Closure.id.in_(links)
    newest = select(Closure).where(mine).order_by(Closure.submitted_at.desc())
    return session.scalar(newest.limit(1))


def _account_of(visitors: Sequence[Visitor], closure: Closure | None) -> str | None:
    proved = next((one.account_id for one in visitors if one.account_id), None)
    return proved or (closure.account_id if closure else None)
