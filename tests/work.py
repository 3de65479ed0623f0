"""Doing by hand what worker and dispatcher do, so that a test decides when."""

from sqlalchemy import select

from portal.jobs.run import run_task
from portal.services import Services
from portal.store.tables import Task


def work(services: Services) -> None:
    """Do everything that is due now, until nothing is."""
    for _ in range(100):
        ids = due(services)
        if not ids:
            return
        for task_id in ids:
            run_task(services, task_id)
    raise AssertionError("due work never ends")


def due(services: Services) -> list[str]:
    with services.store.begin() as session:
        return list(
            session.scalars(
                select(Task.id).where(Task.due_at <= services.clock()).order_by(Task.due_at)
            )
        )
