"""Signing heads over what is new in the ledger, hour by hour."""

from datetime import datetime

from portal.evidence.anchor import WitnessBehindError, anchor
from portal.services import Services
from portal.store import alerts
from portal.store.tasks import Claim


def sign_head(services: Services, _claim: Claim) -> datetime:
    """All that is new; the next ones are due after the set time.

    Raises what ``anchor`` raises; a witness folder that lost heads is told to an operator at once.
    """
    try:
        anchor(services.store, services.vault, services.witness, services.clock)
    except WitnessBehindError:
        with services.store.begin() as session:
            alerts.raise_alert(session, alerts.Kind.LEDGER, "witness", services.clock())
        raise
    return services.clock() + services.settings.anchor_every
