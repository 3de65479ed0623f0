"""Sending a message of the outbox: in its turn, outside quiet hours, with its number and text.

A message about a closure gets both just before it is sent. The account system is asked with no
transaction open; while it gives no answer the message waits.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.closure import successors
from portal.closure.lifecycle import OPEN
from portal.closure.news import earliest
from portal.identity import private_link
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind, State
from portal.messages.sending import send
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, Message, Task
from portal.store.tasks import Claim

_MOMENT = timedelta(seconds=5)
_LINKED = (MessageKind.HELD, MessageKind.RESUMED, MessageKind.REFUSED, MessageKind.LINK)
"""These carry a private link of their own: only hashes of the earlier ones are kept."""
_PAGES = {MessageKind.SUCCESSOR.value: "handover"}
"""Where the others lead, if not to where one looks after a closure."""


def deliver(services: Services, claim: Claim) -> datetime | None:
    """Send the message if it still waits to be sent; answer when to look again, if not now.

    Raises SendLaterError and AccountSystemUnavailableError.
    """
    now = services.clock()
    with services.store.begin() as session:
        message = session.get(Message, claim.subject)
        waiting = message and message.state == State.QUEUED and message.expires_at > now
        later = _later(services, session, message, now) if message and waiting else None
    if later:
        return later
    if message and waiting and message.phone is None:
        _address(services, message)
    send(services.store, services.vault, services.gateway, services.clock, claim.subject)
    if message and message.kind == MessageKind.SUCCESSOR:
        _settle_successor(services, message.id)
    return None


def _settle_successor(services: Services, message_id: str) -> None:
    """What will never be sent told nobody."""
    with services.store.begin() as session:
        message = session.get_one(Message, message_id)
        if message.state in (State.DROPPED, State.FAILED):
            successors.unsent(session, message)


def _later(
    services: Services, session: Session, message: Message, now: datetime
) -> datetime | None:
    """The end of the quiet hours, or of whatever keeps the one before it; None if neither does."""
    allowed = earliest(services.settings, MessageKind(message.kind), now)
    if allowed > now:
        return allowed
    if message.version is None:
        return None
    before = session.execute(
        select(func.count(), func.max(Task.due_at))
        .select_from(Message)
        .outerjoin(Task, (Task.kind == tasks.Kind.MESSAGE) & (Task.subject == Message.id))
        .where(
            Message.closure_id == message.closure_id,
            Message.version < message.version,
            Message.decided_at.is_(None),
        )
    ).one()
    return max(before[1] or now, now + _MOMENT) if before[0] else None


def _address(services: Services, message: Message) -> None:
    """Give the message its number and text; drop it when there is nobody to tell any more."""
    with services.store.begin() as session:
        closure = session.get(Closure, message.closure_id)
    phone = _phone(services, message, closure) if closure else None
    now = services.clock()
    with services.store.begin() as session:
        if closure is None or phone is None:
            outbox.drop(session, now, Message.id == message.id)
            return
        token = private_link.make(session, closure.id, now) if message.kind in _LINKED else None
        text = _text(services, message, closure, token)
        outbox.address(session, services.vault, message.id, phone, text)


def _phone(services: Services, message: Message, closure: Closure) -> str | None:
    """Whom to tell; None where the account is closed, or a reminder has lost its sense."""
    if closure.account_id is None:
        return None
    if message.kind == MessageKind.REMINDER and closure.version != message.version:
        return None
    if message.kind == MessageKind.LINK and closure.state not in OPEN:
        return None
    if message.kind == MessageKind.SUCCESSOR:
        return successors.phone(services, message, closure)
    account = services.accounts.account(closure.account_id)
    return account.phone if account else None


def _text(services: Services, message: Message, closure: Closure, token: str | None) -> str:
    language = Language(closure.language)
    texts, reference = services.texts.in_language(language), closure.reference
    facts, page = message.facts, f"p/{token}" if token else _PAGES.get(message.kind, "track")
    link = f"{services.settings.base_url}{language.prefix}/{page}"
    match MessageKind(message.kind):
        case MessageKind.HELD:
            return texts.held(reference, facts["reason"], link, whole=closure.whole)
        case MessageKind.RESUMED:
            until, done = (datetime.fromisoformat(facts[x]) for x in ("erase_at", "promise_at"))
            return texts.resumed(reference, until, done, link)
        case MessageKind.REFUSED:
            return texts.refused(reference, facts["reason"], link, whole=closure.whole)
        case MessageKind.RESTORED:
            return texts.restored(reference, whole=closure.whole)
        case MessageKind.REMINDER:
            return texts.reminder(reference, closure.erase_at, link, whole=closure.whole)
        case MessageKind.LINK:
            return texts.link(reference, link)
        case MessageKind.SUCCESSOR:
            return texts.successor(link)
        case other:
            raise AssertionError(other)
