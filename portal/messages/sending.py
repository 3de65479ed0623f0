"""Sending one message, at most once: rather none than two, for a code can be asked for again.

1. queued -> sending, by a guarded UPDATE, committed.
2. The gateway is called with no transaction open.
3. sending -> sent, failed or unknown; number and text are wiped in the same UPDATE.

A message that is found in sending lost its sender between 1 and 3: its answer is unknown.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.clock import Clock
from portal.messages.gateway import GatewayAnswerUnknownError, GatewayError, SmsGateway
from portal.messages.outbox import State, place
from portal.store.engine import Store
from portal.store.tables import Message
from portal.store.vault import Vault


class SendLaterError(Exception):
    """The gateway can't take the message now: it is queued again. Carries the gateway's code."""


@dataclass(frozen=True)
class _Taken:
    phone: str
    text: str


def send(store: Store, vault: Vault, gateway: SmsGateway, clock: Clock, message_id: str) -> None:
    """Send the message if it still waits to be sent. Raises SendLaterError."""
    with store.begin() as session:
        taken = _take(session, vault, message_id, clock())
    if taken is None:
        return
    try:
        outcome = _hand_over(gateway, taken, message_id)
    except GatewayError as error:
        with store.begin() as session:
            _move(session, message_id, State.SENDING, state=State.QUEUED)
        raise SendLaterError(error.code) from error
    with store.begin() as session:
        _decide(session, message_id, State.SENDING, outcome, clock())


def _take(session: Session, vault: Vault, message_id: str, now: datetime) -> _Taken | None:
    """The opened message, now in sending; None when there is nothing to send."""
    message = session.get(Message, message_id)
    if message is None:
        return None
    if message.state == State.SENDING:
        _decide(session, message_id, State.SENDING, State.UNKNOWN, now)
        return None
    if message.expires_at <= now:
        _decide(session, message_id, State.QUEUED, State.DROPPED, now)
        return None
    if message.phone is None or message.text is None:
        return None
    taken = _Taken(
        vault.open(place(message_id, "phone"), message.phone).decode(),
        vault.open(place(message_id, "text"), message.text).decode(),
    )
    won = _move(session, message_id, State.QUEUED, state=State.SENDING)
    return taken if won else None


def _hand_over(gateway: SmsGateway, taken: _Taken, message_id: str) -> State:
    """What became of it. Raises GatewayError if the gateway may take it later."""
    try:
        gateway.send(taken.phone, taken.text, message_id)
    except GatewayAnswerUnknownError:
        return State.UNKNOWN
    except GatewayError as error:
        if not error.permanent:
            raise
        return State.FAILED
    return State.SENT


def _decide(
    session: Session, message_id: str, before: State, outcome: State, now: datetime
) -> None:
    _move(session, message_id, before, state=outcome, decided_at=now, phone=None, text=None)


def _move(session: Session, message_id: str, before: State, **values: object) -> bool:
    """Whether the message was still in the state ``before``, and so changed."""
    moved = update(Message).where(Message.id == message_id, Message.state == before)
    return session.scalar(moved.values(**values).returning(Message.id)) is not None
