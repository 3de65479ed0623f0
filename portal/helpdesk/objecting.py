"""Somebody says that it was not them: their closure is held, and a help case begins with that."""

from contextlib import suppress

from sqlalchemy.orm import Session

from portal.closure import stop
from portal.helpdesk import asking
from portal.helpdesk.asking import Asked, Drawn, Wish
from portal.identity.limits import LimitedError
from portal.identity.sign_in import Visitor
from portal.services import Services
from portal.store.tables import Closure
from portal.store.vault import token_hash


def stop_and_ask(
    services: Services, token: str, drawn: Drawn, wish: Wish, address: str
) -> Asked | None:
    """Hold the open closure that this link stops, and begin the case in the same transaction;
    answer it, also when the same form is sent again because no answer came.

    None where nothing was held with this form, or too many cases came from this address: the hold
    counts for more, and reviewers see it without a case.
    """

    def ask(session: Session, closure: Closure) -> None:
        # The link proves what a private link does: that the phone's SMS can be read.
        bearer = Visitor(token_hash(token), None, closure.id, services.clock())
        with suppress(LimitedError):
            asking.make(services, session, drawn, wish, [bearer], address)

    if stop.stop(services, token, ask) is None:
        return None
    return asking.made(services, drawn)
