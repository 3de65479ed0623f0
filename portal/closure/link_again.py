"""Sending the private link once more: an SMS can be lost, and is never repeated by itself."""

from portal.closure import news
from portal.identity import limits, rates
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store.tables import Closure


def send_again(services: Services, closure: Closure) -> None:
    """Send a new link to the account's number; earlier ones go on leading here.

    Raises LimitedError.
    """
    now = services.clock()
    with services.store.begin() as session:
        limits.take(session, rates.links(closure.id), now)
        ring = news.announce(services, session, closure, MessageKind.LINK, now)
    services.bell.ring(ring)
