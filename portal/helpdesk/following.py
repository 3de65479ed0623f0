"""The person follows their case: lets the browser in, reads, adds a word, ends it."""

import hmac

from sqlalchemy import ColumnElement, case, literal, select, update
from sqlalchemy.orm import Session

from portal.closure.help_ties import State
from portal.evidence.ledger import Actor, Kind
from portal.helpdesk import conversation, rates
from portal.helpdesk.asking import PROMISE
from portal.helpdesk.conversation import Conversation
from portal.helpdesk.telling import tell
from portal.helpdesk.writing import plain
from portal.identity import limits, readable, sign_in
from portal.services import Services
from portal.store.tables import HelpCase
from portal.store.vault import token_hash

_NOBODYS = token_hash("")
"""Compared with where there is no such case: as much work, and never right."""


class EndedError(Exception):
    """The case has ended: nothing can be added to it."""


def let_in(services: Services, number: str, secret: str, address: str) -> str | None:
    """The token for a browser that gave a case's number and secret; None when they don't belong
    together, whichever is wrong. Raises LimitedError."""
    now, wrong = services.clock(), rates.wrong_secrets(services.vault, address)
    with services.store.begin() as session:
        limits.queue_up(session, wrong, now)
        if full := limits.reached(session, wrong, now):
            raise full
        mine = select(HelpCase).where(HelpCase.reference == _reference(number))
        found = session.scalar(mine)
        given = token_hash(readable.read(secret))
        if hmac.compare_digest(found.secret_hash if found else _NOBODYS, given) and found:
            return sign_in.open_case(session, found.id, now)
        limits.count(session, wrong, now)
    return None


def follow(services: Services, case_id: str) -> Conversation | None:
    """The case as its person sees it; None when it is gone."""
    with services.store.begin() as session:
        found = session.get(HelpCase, case_id)
        return conversation.read(session, services, found) if found else None


def add(services: Services, case_id: str, text: str) -> None:
    """One more word; what was answered waits for an answer again, with a new day for it.

    Raises LimitedError and EndedError.
    """
    now = services.clock()
    anew = literal(now + PROMISE, HelpCase.due_at.type)
    due_at = case((HelpCase.state == State.ANSWERED, anew), else_=HelpCase.due_at)
    with services.store.begin() as session:
        limits.take(session, rates.messages(services.vault, case_id), now)
        found = move(
            session,
            HelpCase.id == case_id,
            state=State.OPEN,
            due_at=due_at,
            changed_at=now,
        )
        if found is None:
            raise EndedError
        if conversation.say(session, services.vault, found, Actor.PERSON, plain(text), now):
            tell(services, session, found, Kind.HELP_ADDED, now)


def end(services: Services, case_id: str) -> None:
    """It is settled, says the person. Ending it twice changes nothing."""
    now = services.clock()
    with services.store.begin() as session:
        ended = move(session, HelpCase.id == case_id, state=State.ENDED, changed_at=now)
        if ended:
            tell(services, session, ended, Kind.HELP_ENDED, now)


def move(session: Session, *which: ColumnElement[bool], **values: object) -> HelpCase | None:
    """Change the case that is not ended; None where there is none any more."""
    return session.scalars(
        update(HelpCase)
        .where(HelpCase.state != State.ENDED, *which)
        .values(version=HelpCase.version + 1, **values)
        .returning(HelpCase),
        execution_options={"populate_existing": True},
    ).one_or_none()


def _reference(typed: str) -> str:
    """``BZ-XXXXX-XXXXX``, however it was written."""
    letters = readable.read(typed)
    return f"{letters[:2]}-{letters[2:7]}-{letters[7:]}"
