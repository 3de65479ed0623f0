"""The hourly tidying of this room: what is over goes, what is late becomes an alert."""

from datetime import timedelta

from sqlalchemy import select

from portal.closure import help_ties
from portal.closure.help_ties import State
from portal.evidence.ledger import Actor, Kind
from portal.helpdesk.following import move
from portal.helpdesk.telling import tell
from portal.services import Services
from portal.store import alerts
from portal.store.tables import HelpCase

SILENCE = timedelta(days=30)
"""An answered case in which the person says nothing more for so long has ended."""
AFTER_CLOSING = timedelta(days=30)
"""How long an ended case is kept whose account was closed before: to read the answer, and to
complain of it."""


def tidy(services: Services) -> None:
    """Forget ended cases whose time is over, end the silent ones, tell of the overdue."""
    now, kept = services.clock(), services.settings.help_kept
    with services.store.begin() as session:
        for outlives, term in ((False, kept), (True, min(kept, AFTER_CLOSING))):
            over = HelpCase.changed_at <= now - term
            help_ties.forget(
                session, HelpCase.state == State.ENDED, HelpCase.outlives.is_(outlives), over
            )
        silent = (HelpCase.state == State.ANSWERED, HelpCase.changed_at <= now - SILENCE)
        for case in session.scalars(select(HelpCase).where(*silent)).all():
            if ended := move(
                session, HelpCase.id == case.id, *silent, state=State.ENDED, changed_at=now
            ):
                tell(services, session, ended, Kind.HELP_ENDED, now, Actor.PORTAL)
        late = select(HelpCase).where(HelpCase.state == State.OPEN, HelpCase.due_at <= now)
        for case in session.scalars(late):
            subject, since = case.reference, case.due_at
            if not alerts.raised_since(session, alerts.Kind.HELP_OVERDUE, subject, since):
                facts = {"due_at": since.isoformat()}
                alerts.raise_alert(session, alerts.Kind.HELP_OVERDUE, subject, now, facts)
