"""The hourly tidying of this room: what is over goes, what is late becomes an alert."""

from portal.closure import waiver
from portal.services import Services
from portal.staffroom import proposals, sign_in
from portal.staffroom.queue import late_holds
from portal.store import alerts


def tidy(services: Services) -> None:
    """Forget what is over, and raise an alert for every hold past its day."""
    now = services.clock()
    with services.store.begin() as session:
        sign_in.prune(session, now)
        proposals.tidy(session, now)
        waiver.prune(session, now)
        for closure in late_holds(session, now):
            since = closure.review_by or now
            if not alerts.raised_since(session, alerts.Kind.HOLD_LATE, closure.reference, since):
                facts = {"review_by": since.isoformat()}
                alerts.raise_alert(session, alerts.Kind.HOLD_LATE, closure.reference, now, facts)
