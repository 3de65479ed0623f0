"""The six conditions of 一.2, each from its facts."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.system import (
    Asset,
    Debt,
    Dispute,
    DisputeKind,
    Penalty,
    SecurityEvent,
    Standing,
    UnpaidOrder,
)
from portal.clock import SHANGHAI
from portal.closure.conditions import Outcome, counts_on, judge, last_day, may_continue

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CLEAN = Standing(True, (), (), (), (), (), ())
ASSET = Asset("i1", "智联币", 120, "枚")


def outcomes(standing: Standing | None) -> list[str]:
    return [one.outcome for one in judge(standing, NOW)]


def test_a_clean_account_only_needs_to_say_that_it_is_its_own() -> None:
    assert outcomes(CLEAN) == ["confirm", *["passed"] * 5]


@pytest.mark.parametrize(
    ("number", "standing"),
    [
        (1, replace(CLEAN, official=False)),
        (2, replace(CLEAN, debts=(Debt("服务费", 100),))),
        (3, replace(CLEAN, unpaid_orders=(UnpaidOrder("D1", "简历优化", 100),))),
        (4, replace(CLEAN, disputes=(Dispute(DisputeKind.RESPONDENT, "T1", NOW),))),
        (5, replace(CLEAN, security_events=(SecurityEvent("异地登录", NOW),))),
        (6, replace(CLEAN, penalties=(Penalty("限制发布", NOW),))),
    ],
)
def test_each_unsettled_fact_fails_its_own_condition_and_no_other(
    number: int, standing: Standing
) -> None:
    failed = [one.number for one in judge(standing, NOW) if one.outcome is Outcome.FAILED]
    assert failed == [number]
    assert not may_continue(judge(standing, NOW))


def test_remaining_assets_are_for_the_person_to_confirm() -> None:
    standing = replace(CLEAN, assets=(ASSET,))
    assert outcomes(standing)[1] == "confirm"
    assert may_continue(judge(standing, NOW))


def test_a_debt_blocks_although_assets_remain() -> None:
    assert outcomes(replace(CLEAN, assets=(ASSET,), debts=(Debt("服务费", 1),)))[1] == "failed"


def test_what_cannot_be_read_is_never_a_pass() -> None:
    assert outcomes(None) == ["unavailable"] * 6
    assert not may_continue(judge(None, NOW))


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 8, 22), date(2026, 11, 22)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 10, 31), date(2027, 1, 31)),
        (date(2026, 12, 31), date(2027, 3, 31)),
    ],
)
def test_three_months_are_calendar_months(day: date, last: date) -> None:
    at = datetime(day.year, day.month, day.day, 12, tzinfo=SHANGHAI)
    assert last_day(at) == last


def test_days_are_counted_in_shanghai() -> None:
    late_evening_utc = datetime(2026, 8, 21, 17, 0, tzinfo=UTC)
    assert last_day(late_evening_utc) == date(2026, 11, 22)


def test_an_event_counts_to_the_end_of_its_last_day() -> None:
    at = datetime(2026, 8, 22, 1, 0, tzinfo=SHANGHAI)
    assert counts_on(at, datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI))
    assert not counts_on(at, datetime(2026, 11, 23, 0, 0, tzinfo=SHANGHAI))


# Hypothesis wants bounds without a zone.
FIRST, LAST = datetime(2020, 1, 1), datetime(2030, 1, 1)  # noqa: DTZ001


@given(st.datetimes(FIRST, LAST, timezones=st.just(UTC)))
def test_an_event_counts_for_at_least_89_and_at_most_93_days(at: datetime) -> None:
    assert counts_on(at, at + timedelta(days=89))
    assert not counts_on(at, at + timedelta(days=94))
