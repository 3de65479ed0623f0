"""Finding a closure by its reference, or by the whole phone number of its account."""

import re
from dataclasses import dataclass

from sqlalchemy import select

from portal.closure.lifecycle import by_reference
from portal.evidence.ledger import Kind
from portal.identity import phone
from portal.identity.typed import tidy
from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.telling import note
from portal.store.tables import Closure

_REFERENCE = re.compile(r"(?:ZX)?([2-9A-Z]{5})([2-9A-Z]{5})")
_SHOWN = 20


@dataclass(frozen=True)
class Found:
    closures: tuple[Closure, ...]
    account_id: str | None = None
    """The account of the number, where one was looked for and is registered."""
    masked: str | None = None


def search(services: Services, me: Member, typed: str) -> Found:
    """What the text names. Looking for a person is told to the ledger.

    Raises PhoneError when it is neither, and AccountSystemUnavailableError.
    """
    reference = _REFERENCE.fullmatch(tidy(typed).upper())
    if reference:
        with services.store.begin() as session:
            closure = by_reference(session, f"ZX-{reference[1]}-{reference[2]}")
        return Found((closure,) if closure else ())
    number = phone.parse(typed)
    account = services.accounts.find(number)
    with services.store.begin() as session:
        facts = {"by": "phone"}
        note(services, session, Kind.LOOKED, services.clock(), actor=me.actor, facts=facts)
        if account is None:
            return Found((), masked=phone.mask(number))
        theirs = select(Closure).where(Closure.account_id == account.id)
        newest = theirs.order_by(Closure.submitted_at.desc()).limit(_SHOWN)
        return Found(tuple(session.scalars(newest)), account.id, phone.mask(number))
