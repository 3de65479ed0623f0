"""One tick of the dispatcher: find the tasks that are due and ring for them."""

from portal.closure.overdue import alert_overdue
from portal.services import Services
from portal.store import tasks
from portal.store.tasks import Kind

BATCH = 500
ALWAYS = (Kind.RETENTION, Kind.KEPT, Kind.ANCHOR)
"""Tasks of the portal itself, due again and again."""
_QUICK = (Kind.MESSAGE, Kind.ACCESS)
"""Short, and somebody waits for it: rung for before all that waits already."""
_USUAL = tuple(kind for kind in Kind if kind not in (*_QUICK, Kind.DOWNLOAD))


def sweep(services: Services) -> tuple[list[str], list[str]]:
    """Ring for a batch of due tasks.

    Answers the ids rung for, and, when the workers could not be told, the ids of the short tasks
    that are due, which the dispatcher then does itself: although Redis is away a code must arrive,
    and an account must be shut or open as its page says.
    """
    now = services.clock()
    with services.store.begin() as session:
        for kind in ALWAYS:
            tasks.ensure(session, kind, "portal", now)
        alert_overdue(session, now)
        # A ring may be lost with Redis or with a worker: unheard for a lease, it is rung again.
        unheard = now - services.settings.lease
        quick, usual, downloads = (
            [
                task.id
                for task in tasks.due(session, now, rung_before=unheard, limit=BATCH, kinds=of)
            ]
            for of in (_QUICK, _USUAL, (Kind.DOWNLOAD,))
        )
    ids = [*quick, *usual, *downloads]
    heard = (
        _ring(services, quick)
        and _ring(services, usual, patient=True)
        and _ring(services, downloads, downloads=True)
    )
    if not heard:
        return [], quick
    if ids:
        with services.store.begin() as session:
            tasks.mark_rung(session, ids, now)
    return ids, []


def _ring(services: Services, ids: list[str], **whom: bool) -> bool:
    return not ids or services.bell.ring(*ids, **whom)
