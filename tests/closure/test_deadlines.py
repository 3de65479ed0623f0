"""The promised instants: five natural days, and what a hold does to them (三.4)."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.closure.deadlines import Deadlines, after_hold, at_submission
from portal.settings import Settings

SETTINGS = Settings()
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


def test_the_promise_is_five_times_24_hours_and_erasing_waits_for_108() -> None:
    until = at_submission(SETTINGS, NOW)
    assert until.promise_at - NOW == timedelta(hours=120)
    assert until.erase_at - NOW == timedelta(hours=108)


def test_a_hold_moves_both_instants_by_the_time_held() -> None:
    before = at_submission(SETTINGS, NOW)
    held_at, resumed_at = NOW + timedelta(hours=10), NOW + timedelta(hours=40)
    after = after_hold(SETTINGS, before, held_at, resumed_at)
    assert after.erase_at == before.erase_at + timedelta(hours=30)
    assert after.promise_at == before.promise_at + timedelta(hours=30)


@given(held_after=spans, held_for=spans)
def test_after_a_hold_a_day_to_restore_remains_and_no_time_is_lost(
    held_after: timedelta, held_for: timedelta
) -> None:
    before = at_submission(SETTINGS, NOW)
    held_at = NOW + held_after
    now = held_at + held_for
    after = after_hold(SETTINGS, before, held_at, now)
    assert after.erase_at >= now + SETTINGS.resume_grace
    assert after.erase_at - now >= before.erase_at - held_at
    assert after.promise_at >= before.promise_at + held_for
    assert after.promise_at - after.erase_at >= timedelta(hours=1)


def test_several_holds_add_up() -> None:
    until = Deadlines(NOW + timedelta(hours=108), NOW + timedelta(hours=120))
    for day in range(3):
        held_at = NOW + timedelta(days=day)
        until = after_hold(SETTINGS, until, held_at, held_at + timedelta(hours=5))
    assert until.promise_at == NOW + timedelta(hours=135)


def test_a_late_hold_moves_the_promise_no_further_than_erasing_needs() -> None:
    before = at_submission(SETTINGS, NOW)
    held_at = NOW + timedelta(hours=90)
    after = after_hold(SETTINGS, before, held_at, held_at + timedelta(minutes=1))
    assert after.erase_at == NOW + timedelta(hours=114, minutes=1)
    assert after.promise_at == NOW + timedelta(hours=120, minutes=1)


@given(held_after=spans, set_back=spans)
def test_a_clock_set_back_while_held_brings_nothing_nearer(
    held_after: timedelta, set_back: timedelta
) -> None:
    before = at_submission(SETTINGS, NOW)
    held_at = NOW + held_after
    after = after_hold(SETTINGS, before, held_at, held_at - set_back)
    assert after.erase_at >= before.erase_at
    assert after.promise_at >= before.promise_at


@given(lives=st.lists(st.tuples(spans, spans), min_size=1, max_size=6))
def test_whatever_holds_there_were_restoring_is_never_shorter_than_promised(
    lives: list[tuple[timedelta, timedelta]],
) -> None:
    until, now, held = at_submission(SETTINGS, NOW), NOW, timedelta(0)
    for running, standing in lives:
        held_at = now + running
        now = held_at + standing
        held += standing
        until = after_hold(SETTINGS, until, held_at, now)
        assert until.erase_at >= max(NOW + SETTINGS.erase_after + held, now + SETTINGS.resume_grace)
        assert until.promise_at >= NOW + SETTINGS.promise + held
        assert until.erase_at < until.promise_at
