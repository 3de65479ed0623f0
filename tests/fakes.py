"""Plain stand-ins for what a test wants to hold in its hand."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit


class FakeClock:
    """A clock that stands still until it is told to move; fits ``portal.clock.Clock``."""

    def __init__(self, now: datetime = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def advance(self, **by: float) -> datetime:
        """Move by ``timedelta(**by)``, answer the new instant."""
        self._now += timedelta(**by)
        return self._now

    def at(self, now: datetime) -> datetime:
        """Jump to an aware instant, answer it."""
        self._now = now.astimezone(UTC)
        return self._now


class FakeGateway:
    """An SMS gateway that keeps what it was given; ``failure`` is raised instead when set."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str]] = []
        self.failure: Exception | None = None

    def send(self, phone: str, text: str, key: str) -> None:
        if self.failure:
            raise self.failure
        self.sent.append((phone, text))

    def last_code(self, phone: str) -> str:
        """The code in the newest SMS to this number that has one."""
        texts = [text for number, text in self.sent if number == phone and "\n@" in text]
        return texts[-1].rsplit("#", 1)[1]

    def last_link(self, phone: str) -> str:
        """The path of the private link in the newest SMS to this number that has one."""
        texts = [text for number, text in self.sent if number == phone and "/p/" in text]
        return urlsplit(re.findall(r"\S+/p/\S+", texts[-1])[0]).path
