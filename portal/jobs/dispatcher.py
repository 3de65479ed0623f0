"""The process that rings for due tasks, every few seconds, for ever."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.closure.sweep import sweep
from portal.jobs.run import run_task
from portal.services import Services

log = structlog.get_logger()


def tick(services: Services) -> int:
    """One look; answers how many tasks were rung for or done here."""
    rung, own = sweep(services)
    for task_id in own:
        run_task(services, task_id)
    return len(rung) + len(own)


def dispatch(services: Services, stop: threading.Event) -> None:
    """Tick until told to stop; a database that is away is tried again at the next tick."""
    while not stop.is_set():
        try:
            tick(services)
        except SQLAlchemyError as error:
            log.error("dispatcher tick failed", error=type(error).__name__)
        stop.wait(services.settings.tick.total_seconds())
