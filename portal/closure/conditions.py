"""The six conditions of the notice (一.2), judged from the facts of the account system."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.accounts.system import (
    Asset,
    Debt,
    Dispute,
    Penalty,
    SecurityEvent,
    Standing,
    UnpaidOrder,
)
from portal.clock import SHANGHAI

SECURITY_MONTHS = 3
"""一.2.5: 最近 3 个月内."""

Fact = Debt | Asset | UnpaidOrder | Dispute | SecurityEvent | Penalty


class Outcome(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    CONFIRM = "confirm"
    """The person decides: a box of its own (condition 1; remaining assets)."""
    UNAVAILABLE = "unavailable"
    """The facts could not be read: never a silent pass."""


@dataclass(frozen=True)
class Condition:
    """One condition (1 to 6, the notice's order), its outcome and the facts behind it."""

    number: int
    outcome: Outcome
    facts: tuple[Fact, ...] = ()


def judge(
    standing: Standing | None, now: datetime, waived_until: datetime | None = None
) -> tuple[Condition, ...]:
    """The six conditions in the notice's order; all unavailable when nothing could be read.

    Unsafe events up to ``waived_until`` were let pass by two members of staff.
    """
    if standing is None:
        return tuple(Condition(number, Outcome.UNAVAILABLE) for number in range(1, 7))
    recent = tuple(
        event
        for event in standing.security_events
        if counts_on(event.at, now) and not (waived_until and event.at <= waived_until)
    )
    return (
        Condition(1, Outcome.CONFIRM if standing.official else Outcome.FAILED),
        _assets_and_debts(standing),
        _none_of(3, standing.unpaid_orders),
        _none_of(4, standing.disputes),
        _none_of(5, recent),
        _none_of(6, standing.penalties),
    )


def failing(conditions: tuple[Condition, ...]) -> tuple[Condition, ...]:
    return tuple(c for c in conditions if c.outcome is Outcome.FAILED)


def may_continue(conditions: tuple[Condition, ...]) -> bool:
    """Whether only the person's own confirmations are missing."""
    return all(c.outcome in (Outcome.PASSED, Outcome.CONFIRM) for c in conditions)


def last_day(at: datetime) -> date:
    """The last day on which something of this instant lies within 3 months, in Shanghai.

    Months are calendar months: the period ends with the day of the same number, or the month's
    last day where there is none (Civil Code 201, 202).
    """
    day = at.astimezone(SHANGHAI).date()
    years, month = divmod(day.month - 1 + SECURITY_MONTHS, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def counts_on(at: datetime, now: datetime) -> bool:
    return now.astimezone(SHANGHAI).date() <= last_day(at)


def _assets_and_debts(standing: Standing) -> Condition:
    """一.2.2: a debt blocks; what is unspent is given up, which the person confirms."""
    if standing.debts:
        return Condition(2, Outcome.FAILED, (*standing.debts, *standing.assets))
    return Condition(2, Outcome.CONFIRM if standing.assets else Outcome.PASSED, standing.assets)


def _none_of(number: int, facts: tuple[Fact, ...]) -> Condition:
    return Condition(number, Outcome.FAILED if facts else Outcome.PASSED, facts)
