"""The SMS about what has happened to a closure, posted in the transaction that makes it so.

Number and text come when it is sent (``delivering``): the account system has the number, and is
not asked while a transaction of ours is open.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.evidence.ledger import Facts
from portal.messages import outbox
from portal.messages.outbox import MAY_WAIT, MessageKind
from portal.messages.quiet import QuietHours
from portal.services import Services
from portal.settings import Settings
from portal.store.tables import Closure, Message

_WORTH_TELLING = timedelta(hours=72)
"""Afterwards the page of the closure tells it, and it is no news any more."""
_WORTH_WAITING = timedelta(hours=1)
"""Afterwards nobody sits waiting for the link any more, and it can be asked for again."""

_OF_NO_EVENT = (MessageKind.LINK, MessageKind.SUCCESSOR)
"""There may be several of them while the closure stays as it is."""


def announce(
    services: Services,
    session: Session,
    closure: Closure,
    kind: MessageKind,
    now: datetime,
    facts: Facts | None = None,
) -> str:
    """Put the SMS of this event in the outbox; answer the id of its task, to ring for.

    ``closure`` is as the event left it; ``facts`` are what the text says of it besides.
    """
    version = None if kind in _OF_NO_EVENT else closure.version
    return outbox.post_unaddressed(
        session,
        now,
        kind,
        _until(closure, kind, now),
        closure.id,
        version,
        earliest(services.settings, kind, now),
        facts or {},
    )


def withdraw(session: Session, closure: Closure, now: datetime) -> None:
    """The closure has ended: what waits to be told of its way there would only mislead."""
    outbox.drop(session, now, Message.closure_id == closure.id, Message.kind.in_(MAY_WAIT))


def earliest(settings: Settings, kind: MessageKind, now: datetime) -> datetime:
    """From when on an SMS of this kind may be sent."""
    if kind not in MAY_WAIT:
        return now
    return QuietHours(settings.quiet_from, settings.quiet_until).over(now)


def _until(closure: Closure, kind: MessageKind, now: datetime) -> datetime:
    match kind:
        case MessageKind.RESUMED | MessageKind.REMINDER:
            # What they say is true until then.
            return closure.erase_at
        case MessageKind.LINK:
            return now + _WORTH_WAITING
        case _:
            return now + _WORTH_TELLING
