"""The instants a closure is promised by (notice 三.4: 5 个自然日)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.settings import Settings

_PROCESSING = timedelta(hours=1)
"""Ample for an erasure that is tried again a few times."""


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
    """Both instants move by the time held, and by more where too little time to restore remains.

    The promise moves by more only as far as the erasing then needs. A clock that was set back
    meanwhile moves nothing to an earlier instant.
    """
    held = max(now - held_at, timedelta(0))
    erase_at = max(before.erase_at + held, now + settings.resume_grace)
    needed = min(before.promise_at - before.erase_at, _PROCESSING)
    return Deadlines(erase_at, max(before.promise_at + held, erase_at + needed))
