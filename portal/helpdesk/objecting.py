"""Somebody says that it was not them: their closure is held, and a help case begins with that."""

from contextlib import suppress

from portal.closure import stop
from portal.closure.lifecycle import by_reference
from portal.helpdesk import asking
from portal.helpdesk.asking import Asked, Drawn, Wish
from portal.identity.limits import LimitedError
from portal.identity.sign_in import Visitor
from portal.services import Services
from portal.store.vault import token_hash


def stop_and_ask(
    services: Services, token: str, drawn: Drawn, wish: Wish, address: str
) -> Asked | None:
    """Hold the open closure that this link stops; answer the case that began with it.

    None where nothing was held by this call, or too many cases came from this address: the hold
    counts for more, and reviewers see it without a case.
    """
    done = stop.stop(services, token)
    if done is None or done.reference is None or not done.held_now:
        return None
    with services.store.begin() as session:
        closure = by_reference(session, done.reference)
    assert closure is not None  # noqa: S101 - it was held a moment ago
    # The link proves what a private link does: that the phone's SMS can be read.
    bearer = Visitor(token_hash(token), None, closure.id, services.clock())
    with suppress(LimitedError):
        return asking.ask(services, drawn, wish, [bearer], address)
    return None
