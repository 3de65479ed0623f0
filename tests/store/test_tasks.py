"""The list of work: nothing lost, nothing held twice."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal.store import tasks
from portal.store.engine import Store
from portal.store.tables import Task
from portal.store.tasks import Claim, ClaimLostError, Kind

pytestmark = pytest.mark.usefixtures("both_databases")

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LEASE = timedelta(seconds=60)
SECOND = timedelta(seconds=1)


def put(store: Store, subject: str = "s", due_at: datetime = NOW) -> str:
    with store.begin() as session:
        return tasks.schedule(session, Kind.ERASE, subject, due_at)


def take(store: Store, task_id: str, now: datetime = NOW) -> Claim:
    with store.begin() as session:
        return tasks.claim(session, task_id, now, LEASE)


def row(store: Store) -> Task:
    with store.begin() as session:
        return session.scalars(select(Task)).one()


def due(store: Store, now: datetime = NOW, rung_before: datetime = NOW) -> Sequence[str]:
    with store.begin() as session:
        found = tasks.due(session, now, rung_before=rung_before, limit=2)
        return [task.subject for task in found]


def test_scheduling_again_moves_the_same_row(store: Store) -> None:
    first, again = put(store), put(store, due_at=NOW + SECOND)
    assert first == again
    assert row(store).due_at == NOW + SECOND


def test_scheduling_forgets_earlier_failures(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.put_off(session, held, NOW + LEASE, "OperationalError")
    put(store)
    assert (row(store).attempts, row(store).last_error) == (0, None)


def test_ensuring_leaves_a_known_task_alone(store: Store) -> None:
    put(store)
    with store.begin() as session:
        tasks.ensure(session, Kind.ERASE, "s", NOW + SECOND)
        tasks.ensure(session, Kind.REVIEW, "s", NOW + SECOND)
    with store.begin() as session:
        found = session.execute(select(Task.kind, Task.due_at)).all()
    assert sorted(found) == [("erase", NOW), ("review", NOW + SECOND)]


def test_what_is_dropped_is_lost_to_its_holder(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.drop(session, [Kind.ERASE, Kind.REVIEW], "s")
    with pytest.raises(ClaimLostError), store.begin() as session:
        tasks.finish(session, held)


def test_dropping_spares_other_subjects_and_kinds(store: Store) -> None:
    put(store)
    with store.begin() as session:
        tasks.drop(session, [Kind.ERASE], "other")
        tasks.drop(session, [Kind.REVIEW], "s")
    assert row(store).subject == "s"


def test_due_gives_the_oldest_first_and_no_more_than_asked(store: Store) -> None:
    for minutes in (2, 3, 1, -1):
        put(store, subject=str(minutes), due_at=NOW - timedelta(minutes=minutes))
    assert due(store) == ["3", "2"]


def test_a_rung_task_is_quiet_for_a_while(store: Store) -> None:
    task_id = put(store)
    with store.begin() as session:
        tasks.mark_rung(session, [task_id], NOW)
    assert due(store, rung_before=NOW - SECOND) == []
    assert due(store, now=NOW + LEASE, rung_before=NOW) == ["s"]


def test_a_held_task_is_due_again_when_its_lease_has_ended(store: Store) -> None:
    take(store, put(store))
    assert due(store, now=NOW + LEASE - SECOND) == []
    assert due(store, now=NOW + LEASE) == ["s"]


def test_a_claim_names_the_work(store: Store) -> None:
    task_id = put(store)
    assert take(store, task_id) == Claim(task_id, Kind.ERASE, "s", epoch=1, attempts=0)


@pytest.mark.parametrize("late", [timedelta(0), LEASE - SECOND])
def test_a_held_task_is_not_claimed(store: Store, late: timedelta) -> None:
    task_id = put(store)
    take(store, task_id)
    with pytest.raises(ClaimLostError):
        take(store, task_id, NOW + late)


def test_a_task_is_not_claimed_before_it_is_due(store: Store) -> None:
    with pytest.raises(ClaimLostError):
        take(store, put(store, due_at=NOW + SECOND))


def test_an_unknown_task_is_not_claimed(store: Store) -> None:
    with pytest.raises(ClaimLostError):
        take(store, "nothing")


def test_twenty_claim_and_one_wins(store: Store) -> None:
    task_id = put(store)

    def wins(_: int) -> bool:
        try:
            return bool(take(store, task_id))
        except ClaimLostError:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert sum(pool.map(wins, range(20))) == 1


@pytest.mark.parametrize("write", ["extend", "finish", "again", "put_off"])
def test_who_lost_the_claim_writes_nothing(store: Store, write: str) -> None:
    lost = take(store, put(store))
    holder = take(store, lost.id, NOW + LEASE)
    rest = {"extend": (NOW, LEASE), "finish": (), "again": (NOW,), "put_off": (NOW, "error")}
    with pytest.raises(ClaimLostError), store.begin() as session:
        getattr(tasks, write)(session, lost, *rest[write])
    assert (row(store).epoch, row(store).attempts) == (holder.epoch, 0)


def test_rescheduling_takes_the_task_from_its_holder(store: Store) -> None:
    held = take(store, put(store))
    put(store)
    with pytest.raises(ClaimLostError), store.begin() as session:
        tasks.extend(session, held, NOW, LEASE)


def test_extending_keeps_others_away(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.extend(session, held, NOW + SECOND, LEASE)
    with pytest.raises(ClaimLostError):
        take(store, held.id, NOW + LEASE)


def test_a_finished_task_is_off_the_list(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.finish(session, held)
    assert due(store) == []


def test_again_waits_for_its_time_and_forgets_failures(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.again(session, held, NOW + LEASE)
    assert due(store) == []
    assert take(store, held.id, NOW + LEASE).attempts == 0


def test_a_failure_is_counted_and_named(store: Store) -> None:
    held = take(store, put(store))
    with store.begin() as session:
        tasks.put_off(session, held, NOW + LEASE, "x" * 100)
    assert (row(store).attempts, row(store).last_error) == (1, "x" * 80)
    assert take(store, held.id, NOW + LEASE).attempts == 1


def test_a_write_that_rolls_back_keeps_the_claim(store: Store) -> None:
    held = take(store, put(store))

    def finish_twice() -> None:
        with store.begin() as session:
            tasks.finish(session, held)
            tasks.finish(session, held)

    with pytest.raises(ClaimLostError):
        finish_twice()
    with store.begin() as session:
        tasks.finish(session, held)
    assert due(store) == []
