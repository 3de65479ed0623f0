from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.identity import sign_in
from portal.identity.sign_in import Visitor
from portal.store.engine import Store
from portal.store.tables import SignIn
from tests.fakes import FakeClock

MICROSECOND = timedelta(microseconds=1)


def arrive(store: Store, clock: FakeClock, account_id: str = "a", **how: str) -> str:
    with store.begin() as session:
        return sign_in.open_account(session, account_id, clock(), **how)


def look_up(store: Store, clock: FakeClock, token: str) -> Visitor | None:
    with store.begin() as session:
        return sign_in.look_up(session, token, clock())


def present(store: Store, clock: FakeClock, token: str) -> Visitor:
    visitor = look_up(store, clock, token)
    assert visitor is not None
    return visitor


@pytest.mark.usefixtures("both_databases")
def test_a_code_makes_a_visitor_of_its_account(store: Store, clock: FakeClock) -> None:
    visitor = present(store, clock, arrive(store, clock))
    assert (visitor.account_id, visitor.closure_id) == ("a", None)
    assert visitor.verified_at == clock()


def test_a_link_makes_a_visitor_of_one_closure(store: Store, clock: FakeClock) -> None:
    with store.begin() as session:
        token = sign_in.open_link(session, "c", clock())
    visitor = present(store, clock, token)
    assert (visitor.account_id, visitor.closure_id) == (None, "c")


def test_tokens_are_long_all_different_and_kept_as_hashes(store: Store, clock: FakeClock) -> None:
    tokens = {arrive(store, clock) for _ in range(20)}
    assert len(tokens) == 20
    assert min(len(token) for token in tokens) >= 43
    with store.begin() as session:
        kept = set(session.scalars(select(SignIn.token_hash)))
    assert kept.isdisjoint(tokens)


@pytest.mark.parametrize("token", ["", "unknown", "x" * 10_000])
def test_an_unknown_token_is_nobody(store: Store, clock: FakeClock, token: str) -> None:
    assert look_up(store, clock, token) is None


def test_the_kept_hash_is_no_token(store: Store, clock: FakeClock) -> None:
    visitor = present(store, clock, arrive(store, clock))
    assert look_up(store, clock, visitor.token_hash) is None


def test_a_sign_in_ends_when_idle(store: Store, clock: FakeClock) -> None:
    token = arrive(store, clock)
    clock.at(clock() + sign_in.IDLE - MICROSECOND)
    assert present(store, clock, token)
    clock.at(clock() + sign_in.IDLE)
    assert look_up(store, clock, token) is None


def test_being_used_does_not_carry_it_past_twelve_hours(store: Store, clock: FakeClock) -> None:
    token = arrive(store, clock)
    end = clock() + sign_in.ABSOLUTE
    while clock() + timedelta(minutes=20) < end:
        clock.advance(minutes=20)
        assert present(store, clock, token)
    clock.at(end)
    assert look_up(store, clock, token) is None


def test_being_seen_is_written_once_a_minute(store: Store, clock: FakeClock) -> None:
    token, start = arrive(store, clock), clock()
    written = []
    for _ in range(4):
        clock.advance(seconds=30)
        present(store, clock, token)
        with store.begin() as session:
            written.append(session.scalars(select(SignIn.seen_at)).one() - start)
    assert [at.seconds for at in written] == [0, 60, 60, 120]


def test_a_code_is_fresh_for_a_quarter_of_an_hour(store: Store, clock: FakeClock) -> None:
    visitor = present(store, clock, arrive(store, clock))
    clock.advance(minutes=15)
    assert sign_in.fresh(visitor, clock())
    assert not sign_in.fresh(visitor, clock() + MICROSECOND)


def test_a_link_is_never_fresh(store: Store, clock: FakeClock) -> None:
    with store.begin() as session:
        token = sign_in.open_link(session, "c", clock())
    assert not sign_in.fresh(present(store, clock, token), clock())


def test_a_new_token_ends_the_one_it_replaces(store: Store, clock: FakeClock) -> None:
    old, other = arrive(store, clock), arrive(store, clock)
    new = arrive(store, clock, instead_of=present(store, clock, old).token_hash)
    assert look_up(store, clock, old) is None
    assert present(store, clock, other)
    assert present(store, clock, new)


def test_an_ended_sign_in_can_not_be_replayed(store: Store, clock: FakeClock) -> None:
    token = arrive(store, clock)
    with store.begin() as session:
        sign_in.end(session, present(store, clock, token).token_hash)
    assert look_up(store, clock, token) is None


@pytest.mark.usefixtures("both_databases")
def test_at_the_closing_all_browsers_of_the_account_only_look(
    store: Store, clock: FakeClock
) -> None:
    mine = [arrive(store, clock) for _ in range(3)]
    foreign = arrive(store, clock, "b")
    with store.begin() as session:
        sign_in.end_all_of(session, "a", "closed")
    looks = [look_up(store, clock, token) for token in mine]
    assert [(one.account_id, one.closure_id) for one in looks if one] == [(None, "closed")] * 3
    assert present(store, clock, foreign)
