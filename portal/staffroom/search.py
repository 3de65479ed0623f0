"""Finding closures and help cases: by their number, or by a whole phone number."""

import re
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from portal.closure.help_ties import account_digest
from portal.closure.lifecycle import by_reference
from portal.evidence.ledger import Kind
from portal.identity import phone
from portal.identity.rates import number_digest
from portal.identity.typed import tidy
from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.telling import note
from portal.store.tables import Closure, HelpCase

_REFERENCE = re.compile(r"(ZX|BZ)?([2-9A-Z]{5})([2-9A-Z]{5})")
_SHOWN = 20


@dataclass(frozen=True)
class Found:
    closures: tuple[Closure, ...]
    cases: tuple[HelpCase, ...] = ()
    """Nothing of them is opened."""
    account_id: str | None = None
    """The account of the number, where one was looked for and is registered."""
    masked: str | None = None


def search(services: Services, me: Member, typed: str) -> Found:
    """What the text names. Looking for a person is told to the ledger.

    Raises PhoneError when it is neither, and AccountSystemUnavailableError.
    """
    written = _REFERENCE.fullmatch(tidy(typed).upper())
    if written:
        with services.store.begin() as session:
            return _named(session, written[1], f"{written[2]}-{written[3]}")
    number = phone.parse(typed)
    account = services.accounts.find(number)
    wrote = HelpCase.number == number_digest(services.vault, number)
    with services.store.begin() as session:
        facts = {"by": "phone"}
        note(services, session, Kind.LOOKED, services.clock(), actor=me.actor, facts=facts)
        if account is None:
            return Found((), _cases(session, wrote), masked=phone.mask(number))
        theirs = select(Closure).where(Closure.account_id == account.id)
        newest = theirs.order_by(Closure.submitted_at.desc()).limit(_SHOWN)
        proved = HelpCase.account_digest == account_digest(services.vault, account.id)
        return Found(
            tuple(session.scalars(newest)),
            _cases(session, or_(proved, wrote)),
            account.id,
            phone.mask(number),
        )


def cases_of(services: Services, session: Session, account_id: str) -> tuple[HelpCase, ...]:
    """What the owner of this account has asked for, as was proved; the newest first."""
    return _cases(session, HelpCase.account_digest == account_digest(services.vault, account_id))


def _named(session: Session, kind: str | None, number: str) -> Found:
    """Without the letters before it a number may be either's."""
    closure = by_reference(session, f"ZX-{number}") if kind != "BZ" else None
    cases = _cases(session, HelpCase.reference == f"BZ-{number}") if kind != "ZX" else ()
    return Found((closure,) if closure else (), cases)


def _cases(session: Session, which: ColumnElement[bool]) -> tuple[HelpCase, ...]:
    newest = select(HelpCase).where(which).order_by(HelpCase.opened_at.desc(), HelpCase.id)
    return tuple(session.scalars(newest.limit(_SHOWN)))
