"""Quiet hours: an SMS that can wait wakes nobody."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.clock import SHANGHAI


@dataclass(frozen=True)
class QuietHours:
    """From the hour ``begin`` until the hour ``end``, over midnight or not; none if they are one.

    Hours of the clock in Shanghai, which is never turned.
    """

    begin: int
    end: int

    def over(self, at: datetime) -> datetime:
        """The instant itself when it is not quiet then, else the end of these quiet hours."""
        local = at.astimezone(SHANGHAI)
        since = (local.hour - self.begin) % 24
        length = (self.end - self.begin) % 24
        if since >= length:
            return at
        full_hour = local.replace(minute=0, second=0, microsecond=0)
        return (full_hour + timedelta(hours=length - since)).astimezone(at.tzinfo)
