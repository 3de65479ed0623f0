"""Messages that wait to be sent, written in the transaction of what they are about."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, update
from sqlalchemy.orm import Session

from portal.store import tasks
from portal.store.tables import Message
from portal.store.vault import Vault

_KEPT = timedelta(hours=24)


class MessageKind(StrEnum):
    CODE = "code"
    SUBMITTED = "submitted"
    HELD = "held"
    RESUMED = "resumed"
    REFUSED = "refused"
    RESTORED = "restored"
    REMINDER = "reminder"
    CLOSED = "closed"
    LINK = "link"
    """The private link once more, because somebody asked for it."""
    ALARM = "alarm"
    """Somebody guesses at the codes of the number."""
    HELP_VERIFIED = "help_verified"
    SUCCESSOR = "successor"
    """To a colleague whom a leaving recruiter has named."""


class State(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    """Handed to the gateway, whose answer is not known yet."""
    SENT = "sent"
    FAILED = "failed"
    """The gateway refused it for good."""
    UNKNOWN = "unknown"
    """Nobody knows whether it was sent; it is not sent again."""
    DROPPED = "dropped"
    """It came too late to be of use."""


MAY_WAIT = frozenset(
    {
        MessageKind.HELD,
        MessageKind.RESUMED,
        MessageKind.REFUSED,
        MessageKind.REMINDER,
        MessageKind.CLOSED,
        MessageKind.SUCCESSOR,
    }
)
"""Nobody sits waiting for these, nor has to act at once: they are not sent in quiet hours."""


def post(
    session: Session,
    vault: Vault,
    now: datetime,
    kind: MessageKind,
    phone: str,
    text: str,
    expires_at: datetime,
    closure_id: str | None = None,
    version: int | None = None,
    due_at: datetime | None = None,
) -> str:
    """Put an SMS to an E.164 number in the outbox; answer the id of its task, to ring for.

    It is sent from ``due_at`` on, else at once, and not any more after ``expires_at``. Those that
    tell of a closure go out in the order of its versions.
    """
    message_id = uuid.uuid4().hex
    session.add(
        Message(
            id=message_id,
            kind=kind,
            state=State.QUEUED,
            closure_id=closure_id,
            version=version,
            phone=vault.close(place(message_id, "phone"), phone.encode()),
            text=vault.close(place(message_id, "text"), text.encode()),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return tasks.schedule(session, tasks.Kind.MESSAGE, message_id, due_at or now)


def post_unaddressed(
    session: Session,
    now: datetime,
    kind: MessageKind,
    expires_at: datetime,
    closure_id: str,
    version: int | None,
    due_at: datetime,
    facts: Mapping[str, Any],
) -> str:
    """As ``post``, for a number that is asked for only when it is sent: see ``address``."""
    message_id = uuid.uuid4().hex
    session.add(
        Message(
            id=message_id,
            kind=kind,
            state=State.QUEUED,
            closure_id=closure_id,
            version=version,
            facts=dict(facts),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return tasks.schedule(session, tasks.Kind.MESSAGE, message_id, due_at)


def address(session: Session, vault: Vault, message_id: str, phone: str, text: str) -> None:
    """Give a message its number and text, unless it has them or was given up."""
    lacking = update(Message).where(
        Message.id == message_id, Message.state == State.QUEUED, Message.phone.is_(None)
    )
    sealed = lacking.values(
        phone=vault.close(place(message_id, "phone"), phone.encode()),
        text=vault.close(place(message_id, "text"), text.encode()),
    )
    session.execute(sealed)


def drop(session: Session, now: datetime, *which: ColumnElement[bool]) -> None:
    """Give up what still waits of these messages, and wipe it."""
    waiting = update(Message).where(Message.state == State.QUEUED, *which)
    session.execute(waiting.values(state=State.DROPPED, decided_at=now, phone=None, text=None))


def place(message_id: str, column: str) -> str:
    """What a sealed column of a message is bound to."""
    return f"message.{column}:{message_id}"


def prune(session: Session, now: datetime) -> None:
    """Delete messages that were decided, or lost their use, a day ago."""
    past = now - _KEPT
    over = or_(Message.decided_at <= past, Message.expires_at <= past)
    session.execute(delete(Message).where(over))
