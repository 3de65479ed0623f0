"""The gateway of a development machine: SMS land in a file that a page can show."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from portal.clock import Clock


@dataclass(frozen=True)
class Sms:
    """One SMS that was put into the file."""

    at: datetime
    phone: str
    text: str


class DevelopmentGateway:
    """Appends every SMS to a file of JSON lines; several processes may write and read at once."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)

    def send(self, phone: str, text: str, key: str) -> None:
        line = {"at": self._clock().isoformat(), "key": key, "phone": phone, "text": text}
        with self._locked("a", fcntl.LOCK_EX) as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    def read(self, limit: int) -> list[Sms]:
        """The latest SMS, newest first."""
        with self._locked("r", fcntl.LOCK_SH) as file:
            lines = file.readlines()[-limit:]
        found = [json.loads(line) for line in reversed(lines)]
        return [Sms(datetime.fromisoformat(x["at"]), x["phone"], x["text"]) for x in found]

    @contextmanager
    def _locked(self, mode: str, lock: int) -> Iterator[IO[str]]:
        with self._path.open(mode, encoding="utf-8") as file:
            # Closing the file writes what is left, and only then gives the lock back.
            fcntl.flock(file, lock)
            yield file
