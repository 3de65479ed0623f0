"""What goes wrong inside the portal's processes: written down by the test, met by them at random.

The processes are the real ones; only what they lean on is unsteady, each fault with the chance
that the file ``weather.json`` gives it at the moment.
"""

import json
import os
import random
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from sqlalchemy.exc import OperationalError

from portal.accounts.system import AccountSystemUnavailableError
from portal.messages.gateway import GatewayAnswerUnknownError, GatewayError, SmsGateway

FAIR: Mapping[str, float] = {}
FOUL: Mapping[str, float] = {
    "killed": 0.004,
    "account system away": 0.03,
    "account system answer lost": 0.03,
    "database error": 0.02,
    "commit answer lost": 0.01,
    "sms refused for now": 0.15,
    "sms answer unknown": 0.15,
    "sms lost": 0.1,
    "sms doubled": 0.15,
}


def foretell(folder: Path, chances: Mapping[str, float]) -> None:
    """From now on these faults happen, each with this chance, and no others."""
    fresh = folder / f"weather.{time.monotonic_ns()}"
    fresh.write_text(json.dumps(dict(chances)), "utf-8")
    fresh.replace(folder / "weather.json")


def doom(folder: Path, method: str) -> None:
    """The next process that makes this call of the account system dies of it, and only that one."""
    (folder / f"doom {method}").touch()


class Weather:
    def __init__(self, folder: Path, seed: str) -> None:
        self._folder = folder
        self._dice = random.Random(seed)  # noqa: S311 - not a secret

    def strikes(self, fault: str) -> bool:
        chances = json.loads((self._folder / "weather.json").read_text("utf-8"))
        return self._dice.random() < chances.get(fault, 0)

    def before_call(self, method: str) -> None:
        self._may_kill()
        self._may_be_doomed(method)
        if self.strikes("account system away"):
            raise AccountSystemUnavailableError("OperationalError")

    def after_call(self, method: str) -> None:
        self._may_kill()
        if self.strikes("account system answer lost"):
            raise AccountSystemUnavailableError("OperationalError")

    def before_commit(self, _: str) -> None:
        self._may_kill()
        if self.strikes("database error"):
            raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    def after_commit(self, _: str) -> None:
        self._may_kill()
        if self.strikes("commit answer lost"):
            raise OperationalError("COMMIT", {}, Exception("server closed the connection"))

    def _may_kill(self) -> None:
        if self.strikes("killed"):
            os.kill(os.getpid(), signal.SIGKILL)

    def _may_be_doomed(self, method: str) -> None:
        with suppress(FileNotFoundError):
            (self._folder / f"doom {method}").rename(self._folder / f"died {method}")
            os.utime(self._folder / f"died {method}")
            os.kill(os.getpid(), signal.SIGKILL)


class UnsteadyGateway:
    """The development gateway behind a bad line; keeps what became of every call in a file."""

    def __init__(self, real: SmsGateway, weather: Weather, log: Path) -> None:
        self._real, self._weather, self._log = real, weather, log

    def send(self, phone: str, text: str, key: str) -> None:
        strikes = self._weather.strikes
        if strikes("sms refused for now"):
            self._note(key, "refused", 0)
            raise GatewayError("isv.BUSINESS_LIMIT_CONTROL", permanent=False)
        if strikes("sms lost"):
            self._note(key, "lost", 0)
            raise GatewayAnswerUnknownError
        times = 2 if strikes("sms doubled") else 1
        self._note(key, "taken", times)
        for _ in range(times):
            self._real.send(phone, text, key)
        if strikes("sms answer unknown"):
            raise GatewayAnswerUnknownError

    def _note(self, key: str, outcome: str, times: int) -> None:
        with self._log.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"key": key, "outcome": outcome, "times": times}) + "\n")
