"""A case opened: how it stands, how to reach the person, and what both sides said."""

from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.closure import help_ties, vouching
from portal.evidence.ledger import Actor
from portal.language import Language
from portal.services import Services
from portal.store.tables import HelpCase, HelpMessage
from portal.store.vault import Seal, Vault


class Reach(StrEnum):
    """How the person wants to be reached."""

    PHONE = "phone"
    MAIL = "mail"


@dataclass(frozen=True)
class Details:
    reach: Reach
    contact: str
    number: str | None
    """The number they say they registered, E.164; nobody proved it."""
    proved: str | None
    """What the browser had proved when they wrote: account, case (that stood in for a code), or
    link (of a closure)."""
    closure: str | None
    """The reference of the closure it may be about."""
    language: Language = Language.CHINESE
    """That of the page they wrote on: answers are best in it."""


@dataclass(frozen=True)
class Word:
    """What one side said."""

    at: datetime
    author: str
    text: str

    @property
    def by_person(self) -> bool:
        return self.author == Actor.PERSON


@dataclass(frozen=True)
class Conversation:
    case: HelpCase
    details: Details
    words: tuple[Word, ...]
    pass_until: datetime | None
    """Until when the person can go on without a code."""


def read(session: Session, services: Services, case: HelpCase) -> Conversation:
    """The case with all that is sealed in it."""
    seal = help_ties.seal_of(services.vault, case)
    mine = select(HelpMessage).where(HelpMessage.case_id == case.id).order_by(HelpMessage.id)
    words = tuple(_opened(seal, one) for one in session.scalars(mine))
    kept = seal.open_json(_details_place(case.id), case.details)
    details = Details(**{**kept, "reach": Reach(kept["reach"])})
    pass_ = vouching.valid(session, case.id, services.clock())
    return Conversation(case, details, words, pass_.expires_at if pass_ else None)


def close_details(seal: Seal, case_id: str, details: Details) -> bytes:
    return seal.close_json(_details_place(case_id), asdict(details))


def say(
    session: Session, vault: Vault, case: HelpCase, author: str, text: str, now: datetime
) -> bool:
    """Add what was said; answer False where the same author has just said the same: a second
    click says nothing new."""
    seal = help_ties.seal_of(vault, case)
    mine = select(HelpMessage).where(HelpMessage.case_id == case.id)
    last = session.scalar(mine.order_by(HelpMessage.id.desc()).limit(1))
    if last and _opened(seal, last) == Word(last.at, author, text):
        return False
    sealed = seal.close(_message_place(case.id), text.encode())
    session.add(HelpMessage(case_id=case.id, at=now, author=author, sealed=sealed))
    return True


def _opened(seal: Seal, row: HelpMessage) -> Word:
    return Word(row.at, row.author, seal.open(_message_place(row.case_id), row.sealed).decode())


def _details_place(case_id: str) -> str:
    return f"help_case.details:{case_id}"


def _message_place(case_id: str) -> str:
    return f"help_message.sealed:{case_id}"
