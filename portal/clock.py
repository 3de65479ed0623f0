"""The only place that asks what time it is."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""The calendar in which the notice counts days and months."""

Clock = Callable[[], datetime]
"""Answers the present instant as an aware UTC datetime."""


def system_clock() -> datetime:
    return datetime.now(UTC)
