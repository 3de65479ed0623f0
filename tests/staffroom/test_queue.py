"""The most urgent first, in bounded pieces; what is late; how many end when."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import event as sql

from portal.clock import SHANGHAI
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.services import Services
from portal.staffroom import queue
from portal.store.tables import Closure
from tests.fakes import FakeClock


def add(
    services: Services, ends_in: timedelta, state: State = State.PENDING, **values: object
) -> str:
    """A closure that has to be closed by then; answers its reference."""
    now, random = services.clock(), uuid.uuid4().hex
    reference = f"ZX-{random[:5]}-{random[5:10]}".upper()
    fixed = {"version": 1, "whole": True, "shared_jobs_too": False, "access_confirmed": True}
    instants = {"submitted_at": now, "erase_at": now, "changed_at": now}
    row = Closure(id=random, reference=reference, journey_id=random, account_id=random)
    for name, value in {**fixed, **instants, **values}.items():
        setattr(row, name, value)
    row.identity_ids, row.notice_version = [], "2025V1"
    row.state, row.promise_at = state, now + ends_in
    with services.store.begin() as session:
        session.add(row)
    return reference


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def test_open_ones_by_time_left_whatever_their_state(services: Services) -> None:
    last = add(services, hours(9))
    first = add(services, hours(1), State.ERASING)
    middle = add(services, hours(5), State.HELD)
    add(services, hours(2), State.CLOSED)
    assert [one.reference for one in queue.page(services).closures] == [first, middle, last]


def test_one_state_or_the_holds_for_one_reason(services: Services) -> None:
    add(services, hours(1))
    debt = add(services, hours(2), State.HELD, hold_reason=Reason.DEBT)
    add(services, hours(3), State.HELD, hold_reason=Reason.DISPUTE)
    closed = add(services, hours(4), State.CLOSED)
    by_reason = queue.page(services, reason=Reason.DEBT)
    by_state = queue.page(services, (State.CLOSED,))
    assert [one.reference for one in by_reason.closures] == [debt]
    assert [one.reference for one in by_state.closures] == [closed]


@pytest.mark.usefixtures("both_databases")
def test_pages_of_fifty_have_everything_once_even_at_the_same_instant(services: Services) -> None:
    everything = {add(services, hours(n // 40)) for n in range(101)}
    seen, place, sizes = [], None, []
    while True:
        page = queue.page(services, after=place)
        seen += [one.reference for one in page.closures]
        sizes.append(len(page.closures))
        place = page.following
        if place is None:
            break
    assert sizes == [50, 50, 1]
    assert len(seen) == len(set(seen))
    assert set(seen) == everything


def test_no_statement_reads_more_than_a_page(services: Services) -> None:
    said: list[str] = []
    sql.listen(services.store.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    queue.page(services)
    with services.store.begin() as session:
        connection = session.connection()
        reads = [one for one in said if one.startswith("SELECT")]
        for statement in reads:
            plan = connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement}", ("pending", 51, 0)
            ).all()
            assert "ix_closure_state_promise_at" in str(plan)
            assert "LIMIT" in statement


def test_counts_by_open_state_and_what_is_overdue(services: Services) -> None:
    add(services, hours(1))
    add(services, hours(-1))
    add(services, hours(-1), State.ERASING)
    add(services, hours(-5), State.HELD)
    add(services, hours(-5), State.CLOSED)
    overview = queue.overview(services)
    assert overview.counts == {State.PENDING: 2, State.HELD: 1, State.ERASING: 1}
    assert overview.overdue == 2


def test_the_coming_days_are_days_in_shanghai(services: Services, clock: FakeClock) -> None:
    clock.at(datetime(2026, 11, 22, 23, 30, tzinfo=SHANGHAI))
    add(services, timedelta(minutes=-1))
    add(services, timedelta(minutes=20))
    add(services, timedelta(minutes=40), State.ERASING)
    add(services, timedelta(minutes=40), State.HELD)
    add(services, timedelta(days=6))
    add(services, timedelta(days=7))
    days = queue.overview(services).days
    assert [one.day for one in days] == [date(2026, 11, 22 + ahead) for ahead in range(7)]
    assert [one.closures for one in days] == [1, 1, 0, 0, 0, 0, 1]


def test_holds_past_their_day_the_longest_first(services: Services, clock: FakeClock) -> None:
    for days in (-1, -3, 1):
        day = clock() + timedelta(days=days)
        add(services, hours(days), State.HELD, hold_reason=Reason.DEBT, review_by=day)
    add(services, hours(9), State.HELD, hold_reason=Reason.DEBT)
    add(services, hours(9), State.RESTORED, review_by=clock() - timedelta(days=9))
    late = queue.overview(services).late_holds
    assert [one.review_by for one in late] == [clock() - timedelta(days=n) for n in (3, 1)]
