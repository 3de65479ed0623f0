"""Messages that wait to be sent, written in the transaction of what they are about."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, or_
from sqlalchemy.orm import Session

from portal.store import tasks
from portal.store.tables import Message
from portal.store.vault import Vault

_KEPT = timedelta(hours=24)


class MessageKind(StrEnum):
    CODE = "code"
    SUBMITTED = "submitted"
    CLOSED = "closed"
    HELP_VERIFIED = "help_verified"


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


def post(
    session: Session,
    vault: Vault,
    now: datetime,
    kind: MessageKind,
    phone: str,
    text: str,
    expires_at: datetime,
    closure_id: str | None = None,
) -> str:
    """Put an SMS to an E.164 number in the outbox; answer the id of its task, to ring for.

    After ``expires_at`` it is not sent any more.
    """
    message_id = uuid.uuid4().hex
    session.add(
        Message(
            id=message_id,
            kind=kind,
            state=State.QUEUED,
            closure_id=closure_id,
            phone=vault.close(place(message_id, "phone"), phone.encode()),
            text=vault.close(place(message_id, "text"), text.encode()),
            created_at=now,
            expires_at=expires_at,
        )
    )
    return tasks.schedule(session, tasks.Kind.MESSAGE, message_id, now)


def place(message_id: str, column: str) -> str:
    """What a sealed column of a message is bound to."""
    return f"message.{column}:{message_id}"


def prune(session: Session, now: datetime) -> None:
    """Delete messages that were decided, or lost their use, a day ago."""
    past = now - _KEPT
    over = or_(Message.decided_at <= past, Message.expires_at <= past)
    session.execute(delete(Message).where(over))
