"""The states and the moves between them, as the product's table has them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from portal.closure.lifecycle import MovedOnError, State, by_reference, move, open_of
from portal.store.engine import Store
from portal.store.tables import Closure
from tests.races import at_once

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)

ALLOWED = {
    ("pending", "held"),
    ("held", "pending"),
    ("pending", "restored"),
    ("held", "restored"),
    ("pending", "refused"),
    ("held", "refused"),
    ("pending", "erasing"),
    ("erasing", "closed"),
}
FORBIDDEN = set(product(map(str, State), repeat=2)) - ALLOWED


def stored(store: Store, state: str, number: str = "1") -> str:
    """A closure of account ``a`` in this state; answers its id."""
    with store.begin() as session:
        closure = Closure(
            id=number * 32,
            reference=f"ZX-22222-2222{number}",
            journey_id=number * 32,
            state=state,
            version=1,
            account_id="a",
            identity_ids=["i"],
            whole=True,
            shared_jobs_too=False,
            notice_version="2025V1",
            submitted_at=NOW,
            erase_at=NOW,
            promise_at=NOW,
            changed_at=NOW,
            access_confirmed=False,
        )
        session.add(closure)
        return closure.id


def state_of(store: Store, closure_id: str) -> str:
    with store.begin() as session:
        return session.get_one(Closure, closure_id).state


@pytest.mark.parametrize(("before", "to"), sorted(ALLOWED))
def test_an_allowed_move_is_made(store: Store, before: str, to: str) -> None:
    closure_id = stored(store, before)
    with store.begin() as session:
        moved = move(session, closure_id, State(to), LATER)
    assert (moved.state, moved.version, moved.changed_at) == (to, 2, LATER)
    assert state_of(store, closure_id) == to


@pytest.mark.parametrize(("before", "to"), sorted(FORBIDDEN))
def test_any_other_move_is_refused_and_changes_nothing(store: Store, before: str, to: str) -> None:
    closure_id = stored(store, before)
    with pytest.raises(MovedOnError), store.begin() as session:
        move(session, closure_id, State(to), LATER)
    assert state_of(store, closure_id) == before


@pytest.mark.usefixtures("both_databases")
def test_a_move_sets_its_values_with_it(store: Store) -> None:
    closure_id = stored(store, "pending")
    with store.begin() as session:
        known = session.get_one(Closure, closure_id)
        moved = move(session, closure_id, State.HELD, LATER, hold_reason="debt")
        assert moved is known
        assert known.hold_reason == "debt"


@pytest.mark.usefixtures("both_databases")
def test_a_further_condition_that_fails_refuses_the_move(store: Store) -> None:
    closure_id = stored(store, "pending")
    with pytest.raises(MovedOnError), store.begin() as session:
        move(session, closure_id, State.ERASING, LATER, Closure.version == 2)
    assert state_of(store, closure_id) == "pending"


@pytest.mark.usefixtures("both_databases")
def test_of_many_that_move_at_once_one_wins(store: Store) -> None:
    closure_id = stored(store, "pending")
    ends = (State.RESTORED, State.ERASING, State.REFUSED, State.RESTORED, State.REFUSED)

    def wins(number: int) -> bool:
        try:
            with store.begin() as session:
                move(session, closure_id, ends[number], LATER)
        except MovedOnError:
            return False
        return True

    assert sum(at_once(len(ends), wins)) == 1


def test_an_unknown_closure_has_moved_on(store: Store) -> None:
    with pytest.raises(MovedOnError), store.begin() as session:
        move(session, "nothing", State.HELD, LATER)


@pytest.mark.parametrize("state", ["pending", "held", "erasing"])
def test_an_open_closure_is_found_by_its_account(store: Store, state: str) -> None:
    closure_id = stored(store, state)
    with store.begin() as session:
        found = open_of(session, "a")
        assert found is not None
        assert found.id == closure_id


@pytest.mark.parametrize("state", ["restored", "refused", "closed"])
def test_an_ended_closure_is_not_open_but_has_its_reference(store: Store, state: str) -> None:
    closure_id = stored(store, state)
    with store.begin() as session:
        assert open_of(session, "a") is None
        found = by_reference(session, "ZX-22222-22221")
        assert found is not None
        assert found.id == closure_id
