from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.identity import retention, sign_in
from portal.identity.limits import LimitedError
from portal.store.engine import Store
from portal.store.tables import Challenge, LimitBucket, LimitHit, SignIn
from portal.store.vault import Vault
from tests.fakes import FakeClock
from tests.identity.desk import Desk

TABLES = (Challenge, LimitBucket, LimitHit, SignIn)


def prune(store: Store, clock: FakeClock) -> list[int]:
    """Prune; how many rows the tables then have."""
    with store.begin() as session:
        retention.prune(session, clock())
        counts = [select(func.count()).select_from(table) for table in TABLES]
        return [session.scalar(count) or 0 for count in counts]


@pytest.mark.usefixtures("both_databases")
def test_nothing_is_left_after_a_day(store: Store, vault: Vault, clock: FakeClock) -> None:
    desk = Desk(store, vault, clock)
    desk.answer_wrong(desk.start())
    with store.begin() as session:
        sign_in.open_account(session, "a", clock())
    clock.advance(hours=24, microseconds=1)
    assert prune(store, clock) == [0, 0, 0, 0]


def test_what_still_counts_stays(store: Store, vault: Vault, clock: FakeClock) -> None:
    desk = Desk(store, vault, clock)
    started = desk.start()
    with store.begin() as session:
        token = sign_in.open_account(session, "a", clock())
    clock.advance(minutes=9)
    prune(store, clock)
    assert desk.answer_right(started).account_id == "a"
    with store.begin() as session:
        assert sign_in.look_up(session, token, clock())


def test_pruning_does_not_give_new_sends(store: Store, vault: Vault, clock: FakeClock) -> None:
    desk, begin = Desk(store, vault, clock), clock()
    for hours in (0, 2):
        clock.at(begin + timedelta(hours=hours))
        for _ in range(5):
            desk.resend()
    clock.at(begin + timedelta(hours=24))
    prune(store, clock)
    with pytest.raises(LimitedError, match="number_day"):
        desk.start()
