"""Whether the portal can serve: named checks, each of which must hold."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from portal.closure.figures import oldest_due
from portal.closure.gate import behind
from portal.services import Services
from portal.store.migrate import is_newest

PATIENCE = timedelta(minutes=5)


def failing(services: Services) -> list[str]:
    """The names of the checks that fail; none when all is well."""
    if not _holds(_database, services):
        # The others would only wait for it, one after another.
        return ["database"]
    return [name for name, check in CHECKS.items() if not _holds(check, services)]


def _holds(check: Callable[[Services], bool], services: Services) -> bool:
    try:
        return check(services)
    except (SQLAlchemyError, OSError, ValueError):
        return False


def _database(services: Services) -> bool:
    with services.store.begin() as session:
        return session.scalar(select(1)) == 1


def _schema(services: Services) -> bool:
    """As this code needs it: not older, and not newer either."""
    return is_newest(services.store.engine)


def _work(services: Services) -> bool:
    """Somebody does what is due: otherwise dispatcher or workers are gone."""
    with services.store.begin() as session:
        return oldest_due(session, services.clock()) <= PATIENCE


def _reconciled(services: Services) -> bool:
    """No database is older than the witness folder knows: otherwise no page is served."""
    return not behind(services)


CHECKS: Mapping[str, Callable[[Services], bool]] = {
    "schema": _schema,
    "reconciled": _reconciled,
    "work": _work,
}
