"""The process that rings for due tasks, every few seconds, for ever."""

import threading

import structlog
from sqlalchemy.exc import SQLAlchemyError

from portal.closure import brake
from portal.closure.gate import Gate, NotReconciledError
from portal.closure.sweep import sweep
from portal.jobs.leap import Leap
from portal.jobs.run import run_task
from portal.services import Services
from portal.store.alerts import Kind, raise_alert

log = structlog.get_logger()


def tick(services: Services) -> int:
    """One look; answers how many tasks were rung for or done here."""
    rung, own = sweep(services)
    for task_id in own:
        run_task(services, task_id)
    return len(rung) + len(own)


def dispatch(services: Services, stop: threading.Event) -> None:
    """Tick until told to stop; a database that is away is tried again at the next tick."""
    leap, gate = Leap(services.clock), Gate(services)
    while not stop.is_set():
        try:
            stop_for_leap(services, leap)
            gate.check()
            tick(services)
        except NotReconciledError as error:
            log.error("not reconciled", databases=str(error))
        except SQLAlchemyError as error:
            log.error("dispatcher tick failed", error=type(error).__name__)
        stop.wait(services.settings.tick.total_seconds())


def stop_for_leap(services: Services, leap: Leap) -> None:
    """When the clock leapt ahead nothing may be erased by it before somebody has looked."""
    if ahead := leap.ahead():
        brake.pull(services, brake.Cause.CLOCK)
        with services.store.begin() as session:
            facts = {"seconds": round(ahead.total_seconds())}
            raise_alert(session, Kind.CLOCK, "dispatcher", services.clock(), facts)
        leap.take_note()
