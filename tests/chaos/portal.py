"""A whole portal of its own for a test: databases, people, processes, with windows of seconds."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from portal.accounts.sample.cast import Person
from portal.services import Services
from portal.settings import Settings
from portal.store.migrate import upgrade
from portal.wiring import build
from tests.chaos.crew import Crew, Doorbell
from tests.chaos.crowd import move_in
from tests.chaos.weather import FAIR, foretell
from tests.haste import hurried

LEASE, TICK, ERASE_AFTER = 2.0, 0.2, 3.0
PATIENCE = 60.0
"""Seconds until something that has to happen by itself counts as lost; on a busy machine."""


@dataclass
class Portal:
    """``services`` are steady ones: this process plays web server and operator."""

    folder: Path
    services: Services
    doorbell: Doorbell
    crew: Crew

    def wait_for(
        self,
        condition: Callable[[], bool],
        patience: float = PATIENCE,
        tell: Callable[[], object] = str,
    ) -> None:
        deadline = time.monotonic() + patience
        while not condition():
            assert time.monotonic() < deadline, f"{tell()}\n{self.logs()}"
            self.crew.supervise()
            time.sleep(0.02)

    def logs(self) -> str:
        """The end of what every process had to say."""
        return "\n".join(
            f"--- {path.name}\n{path.read_text('utf-8')[-3000:]}"
            for path in sorted(self.folder.glob("*.log"))
        )


@contextmanager
def portal(
    folder: Path, database_url: str, accounts_url: str, people: Sequence[Person], seed: int
) -> Iterator[Portal]:
    """Windows of seconds: erasing begins 3 s after submission, a lease lasts 2 s."""
    doorbell = Doorbell(folder)
    environment = {
        "PORTAL_DATABASE_URL": database_url,
        "PORTAL_ACCOUNTS_URL": accounts_url,
        "PORTAL_ACCOUNTS_FILES": f"{folder}/files",
        "PORTAL_SMS_OUTBOX": f"{folder}/sms.jsonl",
        "PORTAL_WITNESS": f"{folder}/witness",
        "PORTAL_REDIS_URL": doorbell.url,
        "PORTAL_LEASE": str(LEASE),
        "PORTAL_TICK": str(TICK),
        "PORTAL_ERASE_AFTER": str(ERASE_AFTER),
        "PORTAL_RESUME_GRACE": "1",
        "PORTAL_REVIEW_EVERY": "2",
        "PORTAL_BITE": "100",
        "PORTAL_ANCHOR_EVERY": "1",
        "PORTAL_QUIET_FROM": "0",
        "PORTAL_QUIET_UNTIL": "0",
    }
    services = build(Settings.from_env(environment))
    upgrade(hurried(services.store.engine))
    hurried(services.accounts._engine)
    move_in(services.accounts._engine, folder / "files", people, services.clock())
    foretell(folder, FAIR)
    crew = Crew(folder, {**os.environ, **environment, "CHAOS_FOLDER": str(folder)}, seed)
    made = Portal(folder, services, doorbell, crew)
    try:
        yield made
    finally:
        crew.end()
        doorbell.kill()
        services.store.engine.dispose()
        services.accounts._engine.dispose()
