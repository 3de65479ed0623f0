"""The instants a closure is promised by (notice 三.4: 5 个自然日)."""

from dataclasses import dataclass
from datetime import datetime

from portal.settings import Settings


@dataclass(frozen=True)
class Deadlines:
    erase_at: datetime
    """Erasing begins no earlier; until then, and until it really begins, one can restore."""
    promise_at: datetime
    """Closed at the latest."""


def at_submission(settings: Settings, now: datetime) -> Deadlines:
    return Deadlines(now + settings.erase_after, now + settings.promise)


def after_hold(
    settings: Settings, before: Deadlines, held_at: datetime, now: datetime
) -> Deadlines:
    """Both instants move by the time held, and by more where too little time to restore remains."""
    held = now - held_at
    erase_at = max(before.erase_at + held, now + settings.resume_grace)
    return Deadlines(erase_at, before.promise_at + (erase_at - before.erase_at))
