"""Telling the owner of a number that somebody guesses at its codes (ASVS 6.3.5)."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.closure.lifecycle import open_of
from portal.identity import limits, rates, stop_link
from portal.identity.limits import LimitedError
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.services import Services

_WORTH_SENDING = timedelta(hours=24)


def raise_for(
    services: Services, session: Session, account_id: str, phone: str, now: datetime
) -> None:
    """Put the SMS with its link in the outbox, unless the number (E.164) was told within a day:
    an alarm must not become a nuisance that somebody else can cause.

    Nobody rings for it, so that the answer takes as long as for a number that nobody registered;
    the dispatcher finds it within seconds.
    """
    try:
        limits.take(session, rates.alarms(services.vault, phone), now)
    except LimitedError:
        return
    token = stop_link.make(session, account_id, now)
    closure = open_of(session, account_id)
    language = Language(closure.language) if closure else Language.CHINESE
    link = f"{services.settings.base_url}{language.prefix}/stop/{token}"
    text = services.texts.in_language(language).alarm(link)
    until = now + _WORTH_SENDING
    outbox.post(session, services.vault, now, MessageKind.ALARM, phone, text, until)
