"""The number of somebody whose data is going: for the check, and for the last SMS.

One sealed row, made at the move to erasing. In the transaction that closes, it becomes an SMS in
the outbox, which is wiped when it is decided, and 24 hours later at the latest.
"""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.closure.news import earliest
from portal.identity import private_link
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store.tables import Closure, Farewell
from portal.store.vault import Vault

_WORTH_SENDING = timedelta(hours=24)


def keep(session: Session, vault: Vault, closure_id: str, phone: str) -> None:
    """Seal the number (E.164) for the end of the erasure."""
    sealed = vault.close(_place(closure_id), phone.encode())
    session.add(Farewell(closure_id=closure_id, sealed=sealed))


def take(session: Session, vault: Vault, closure_id: str) -> str | None:
    """The number, and its row goes; None where there is none."""
    row = session.get(Farewell, closure_id)
    if row is None:
        return None
    session.delete(row)
    return vault.open(_place(closure_id), row.sealed).decode()


def say(services: Services, session: Session, closure: Closure, phone: str, now: datetime) -> str:
    """Put the last SMS in the outbox; answer the task to ring for.

    Its link is a new one: the first one may be lost, and only a link still leads to the result.
    """
    language = Language(closure.language)
    token = private_link.make(session, closure.id, now)
    text = services.texts.in_language(language).closed(
        closure.reference,
        f"{services.settings.base_url}{language.prefix}/p/{token}",
        whole=closure.whole,
    )
    return outbox.post(
        session,
        services.vault,
        now,
        MessageKind.CLOSED,
        phone,
        text,
        now + _WORTH_SENDING,
        closure.id,
        closure.version,
        earliest(services.settings, MessageKind.CLOSED, now),
    )


def _place(closure_id: str) -> str:
    return f"farewell:{closure_id}"
