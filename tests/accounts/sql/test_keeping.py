from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from portal.accounts.sample.schema.account import security_event
from portal.accounts.sample.schema.money import service_order
from portal.accounts.sql import bookkeeping as book
from portal.clock import SHANGHAI
from tests.accounts.world import World, until_done
from tests.cast import BUSY, CLEAN_SEEKER, COINS

ENDS = datetime(2029, 9, 24, tzinfo=SHANGHAI)
"""Three years after the order was paid, 60 days before everybody settled."""


def test_kept_rows_leave_their_table_with_what_the_map_keeps(
    world: World, both_databases: str
) -> None:
    (order,) = (r for r in _orders(world) if r["account_id"] == CLEAN_SEEKER.id)
    assert world.erase(world.scope(CLEAN_SEEKER)) == ()
    assert order not in _orders(world)
    (kept,) = (row for row in world.kept() if row["step"] == "service_order.own")
    assert kept["content"]["number"] == order["number"]
    assert kept["content"].keys().isdisjoint({"buyer_name", "buyer_phone", "identity_id"})
    assert (kept["key"], kept["since"], kept["ends_at"]) == (
        str(order["id"]),
        order["paid_at"],
        ENDS,
    )


def _orders(world: World) -> list[dict[str, object]]:
    return list(world.dump()["service_order"].values())


def test_rows_of_others_stay_where_they_are(world: World) -> None:
    before = [row for row in _orders(world) if row["account_id"] != CLEAN_SEEKER.id]
    world.erase(world.scope(CLEAN_SEEKER))
    assert _orders(world) == before


def test_kept_rows_go_when_their_term_is_over_and_not_before(
    world: World, both_databases: str
) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    assert len(world.kept()) == 11
    world.clock.at(datetime(2029, 9, 23, 23, 59, 59, tzinfo=SHANGHAI))
    assert world.system().expire() == 10
    assert [row["step"] for row in world.kept()] == ["service_order.own"]
    world.clock.at(ENDS)
    assert world.system().expire() == 1
    assert world.system().expire() == 0
    assert world.kept() == []


def test_rows_expire_in_bites(world: World) -> None:
    world.erase(world.scope(BUSY))
    world.clock.advance(days=2000)
    few = replace(world, bite=20)
    assert few.system().expire() is None
    assert len(world.kept()) == 51 - 20
    until_done(few.system().expire)
    assert world.kept() == []


def test_an_expired_row_is_nowhere_on_disk(world: World) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    (kept,) = (row for row in world.kept() if row["step"] == "service_order.own")
    number = str(kept["content"]["number"]).encode()
    assert number in world.everything_on_disk()
    world.clock.advance(days=2000)
    world.system().expire()
    assert number not in world.everything_on_disk()


def test_rows_of_an_erasure_that_is_not_checked_do_not_expire(world: World) -> None:
    world.apply(world.scope(COINS))
    world.clock.advance(days=2000)
    assert world.system().expire() == 0
    assert world.check() == ()


def test_a_planned_row_that_is_not_put_away_is_residue(world: World, both_databases: str) -> None:
    world.apply(world.scope(CLEAN_SEEKER))
    world.run(delete(book.kept).where(book.kept.c.step == "service_order.own"))
    (left,) = world.check()
    assert (left.place, left.rows) == ("service_order.own", 1)
    assert not world.system().erased("ZX-1")


def test_a_planned_row_that_was_gone_before_its_step_is_none(
    world: World, both_databases: str
) -> None:
    """The platform clears its log by itself meanwhile."""
    world.plan(world.scope(CLEAN_SEEKER))
    oldest = select(security_event.c.id).where(security_event.c.account_id == CLEAN_SEEKER.id)
    world.run(delete(security_event).where(security_event.c.id.in_(oldest.limit(3))))
    assert world.erase(world.scope(CLEAN_SEEKER)) == ()
    assert world.system().erased("ZX-1")


def test_what_an_order_still_owes_is_not_seen_once_it_is_put_away(world: World) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    mine = select(service_order.c.id).where(service_order.c.account_id == CLEAN_SEEKER.id)
    assert world.run(mine) is None
