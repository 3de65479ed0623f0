"""One tick of the dispatcher: find the tasks that are due and ring for them."""

from datetime import timedelta

from portal.services import Services
from portal.store import tasks
from portal.store.tasks import Kind

RING_AGAIN = timedelta(seconds=60)
"""A ring may be lost with Redis or with a worker; after this long it is rung again."""
BATCH = 500


def sweep(services: Services) -> tuple[list[str], list[str]]:
    """Ring for a batch of due tasks.

    Answers the ids rung for, and, when the workers could not be told, the ids of due messages,
    which the dispatcher then sends itself: a code must arrive although Redis is away.
    """
    now = services.clock()
    with services.store.begin() as session:
        tasks.ensure(session, Kind.RETENTION, "portal", now)
        due = tasks.due(session, now, rung_before=now - RING_AGAIN, limit=BATCH)
    ids = [task.id for task in due]
    if not ids:
        return [], []
    if not services.bell.ring(*ids):
        return [], [task.id for task in due if task.kind == Kind.MESSAGE]
    with services.store.begin() as session:
        tasks.mark_rung(session, ids, now)
    return ids, []
