"""What the staff do with a case: see what waits, look at one, answer it, end it.

Every act carries the version of the case it was decided on: when the person or somebody else has
said something meanwhile, nothing is done, and whoever came too late is told.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.accounts.system import Account, AccountSystemUnavailableError
from portal.closure import help_ties
from portal.closure.help_ties import State
from portal.evidence.ledger import Kind, Who
from portal.helpdesk import conversation
from portal.helpdesk.conversation import Conversation
from portal.helpdesk.following import move
from portal.helpdesk.telling import tell
from portal.helpdesk.writing import plain
from portal.services import Services
from portal.store.tables import Event, HelpCase

PAGE = 100
_CHANGES = (Kind.HELP_ASKED, Kind.HELP_ADDED, Kind.HELP_ANSWERED, Kind.HELP_ENDED)


class ChangedError(Exception):
    """``by`` (an actor of the ledger) changed the case at ``at``; nothing was done."""

    def __init__(self, by: str, at: datetime) -> None:
        super().__init__(by)
        self.by = by
        self.at = at


@dataclass(frozen=True)
class Looked:
    """A case as the staff see it."""

    talk: Conversation
    account: Account | None
    """Whose it is, as was proved; else whose the number is that they say is theirs."""
    known: bool
    """False while the account system gives no answer."""


def waiting(services: Services, state: State) -> tuple[HelpCase, ...]:
    """The cases in this state that have to be answered first; nothing of them is opened."""
    first = select(HelpCase).where(HelpCase.state == state).order_by(HelpCase.due_at, HelpCase.id)
    with services.store.begin() as session:
        return tuple(session.scalars(first.limit(PAGE)))


def look(services: Services, actor: Who, number: str) -> Looked | None:
    """The case, looked at by this member of staff now; None for an unknown number."""
    with services.store.begin() as session:
        case = _by_number(session, number)
        if case is None:
            return None
        tell(services, session, case, Kind.LOOKED, services.clock(), actor)
        talk = conversation.read(session, services, case)
    try:
        return Looked(talk, _account(services, talk), known=True)
    except AccountSystemUnavailableError:
        return Looked(talk, None, known=False)


def find(services: Services, number: str) -> HelpCase | None:
    """The case alone, for acting on it: nothing of it is opened."""
    with services.store.begin() as session:
        return _by_number(session, number)


def answer(services: Services, actor: Who, case: HelpCase, version: int, text: str) -> None:
    """Say something to the person. Raises ChangedError."""
    now = services.clock()
    same = (HelpCase.id == case.id, HelpCase.version == version)
    with services.store.begin() as session:
        answered = move(session, *same, state=State.ANSWERED, changed_at=now)
        if answered:
            conversation.say(session, services.vault, answered, actor, plain(text), now)
            tell(services, session, answered, Kind.HELP_ANSWERED, now, actor)
    if answered is None:
        raise changed(services, case)


def end(services: Services, actor: Who, case: HelpCase, version: int) -> None:
    """Nothing more is to be said. Raises ChangedError."""
    now = services.clock()
    same = (HelpCase.id == case.id, HelpCase.version == version)
    with services.store.begin() as session:
        ended = move(session, *same, state=State.ENDED, changed_at=now)
        if ended:
            tell(services, session, ended, Kind.HELP_ENDED, now, actor)
    if ended is None:
        raise changed(services, case)


def changed(services: Services, case: HelpCase) -> ChangedError:
    """Who changed it last, and when."""
    mine = select(Event).where(Event.journey_id == case.id, Event.kind.in_(_CHANGES))
    with services.store.begin() as session:
        last = session.scalars(mine.order_by(Event.seq.desc()).limit(1)).one()
    return ChangedError(last.actor, last.at)


def _by_number(session: Session, number: str) -> HelpCase | None:
    return session.scalar(select(HelpCase).where(HelpCase.reference == number))


def _account(services: Services, talk: Conversation) -> Account | None:
    if account_id := help_ties.account_of(services.vault, talk.case):
        return services.accounts.account(account_id)
    return services.accounts.find(talk.details.number) if talk.details.number else None
