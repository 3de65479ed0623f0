from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clock import SHANGHAI
from portal.messages.quiet import QuietHours

NIGHT = QuietHours(22, 8)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of aware ones
HOURS = st.integers(0, 23)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "sent"),
    [
        ("2026-11-26T21:59:59.999999", "2026-11-26T21:59:59.999999"),
        ("2026-11-26T22:00", "2026-11-27T08:00"),
        ("2026-11-26T23:59", "2026-11-27T08:00"),
        ("2026-11-27T00:00", "2026-11-27T08:00"),
        ("2026-11-27T07:59:59.999999", "2026-11-27T08:00"),
        ("2026-11-27T08:00", "2026-11-27T08:00"),
        ("2026-12-31T22:30", "2027-01-01T08:00"),
    ],
)
def test_what_falls_into_the_night_waits_for_the_morning(at: str, sent: str) -> None:
    assert NIGHT.over(here(at)) == here(sent)


@given(at=INSTANTS, begin=HOURS, end=HOURS)
def test_whatever_the_hours_what_waits_is_sent_outside_of_them(
    at: datetime, begin: int, end: int
) -> None:
    hours = QuietHours(begin, end)
    sent = hours.over(at)
    assert hours.over(sent) == sent
    assert timedelta(0) <= sent - at <= timedelta(hours=(end - begin) % 24)
    assert sent == at or (sent.astimezone(SHANGHAI).hour == end and sent.minute == 0)


@given(at=INSTANTS, hour=HOURS)
def test_the_same_hour_twice_is_never_quiet(at: datetime, hour: int) -> None:
    assert QuietHours(hour, hour).over(at) == at


@given(erase_at=INSTANTS)
def test_a_reminder_of_the_last_day_leaves_half_a_day_at_least(erase_at: datetime) -> None:
    assert erase_at - NIGHT.over(erase_at - timedelta(hours=24)) >= timedelta(hours=14)
