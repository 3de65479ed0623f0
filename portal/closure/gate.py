"""Nothing is served from a restored backup before it was reconciled.

The witness folder knows who was erased and which heads of the ledger were signed. A database that
knows less is older than that: people would be shown, and work done, as if it had never happened.
"""

from datetime import datetime
from enum import StrEnum

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure import erased
from portal.closure.lifecycle import State, by_reference
from portal.evidence import anchor
from portal.services import Services
from portal.store import alerts


class Database(StrEnum):
    PORTAL = "portal"
    ACCOUNTS = "accounts"


class NotReconciledError(Exception):
    """A database is older than the witness folder; `flask closure reconcile` has to run first."""


def behind(services: Services) -> tuple[Database, ...]:
    """The databases that know less than the witness folder.

    A backup from before any erasure lacks the latest one: looking for that one is enough.
    Raises OSError.
    """
    latest = erased.last_reference(services)
    with services.store.begin() as session:
        closure = by_reference(session, latest) if latest else None
        lacking = anchor.is_behind(session, services.witness)
    known = closure is not None and closure.state in (State.ERASING, State.CLOSED)
    found = []
    if lacking or (latest and not known):
        found.append(Database.PORTAL)
    if latest and not _erased(services, latest):
        found.append(Database.ACCOUNTS)
    return tuple(found)


def _erased(services: Services, reference: str) -> bool:
    try:
        return services.accounts.erased(reference)
    except AccountSystemUnavailableError:
        # Then it shows nobody either; asked again in a few seconds.
        return True


class Gate:
    """One process's own: open while nothing is behind; looks again every few seconds."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._open_at: datetime | None = None

    def check(self) -> None:
        """Raises NotReconciledError, also when the witness folder can't be read."""
        now = self._services.clock()
        if self._open_at and abs(now - self._open_at) < self._services.settings.tick:
            return
        self._open_at = None
        if older := self._behind():
            with self._services.store.begin() as session:
                for database in older:
                    alerts.raise_alert(session, alerts.Kind.RESTORED_BACKUP, database, now)
            raise NotReconciledError(", ".join(older))
        self._open_at = now

    def _behind(self) -> tuple[Database, ...]:
        try:
            return behind(self._services)
        except (OSError, ValueError):
            return tuple(Database)
