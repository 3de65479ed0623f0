"""What nobody has taken over by the end of its term (二.3.2), and what is left alone."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import update

from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sql import bookkeeping as book
from portal.accounts.system import Left, Share
from portal.clock import SHANGHAI
from tests.accounts.sql.test_handing import ADMIN, REF, depart, pool, rows, shares
from tests.accounts.world import World, until_done
from tests.cast import CLEAN_SEEKER, RECRUITER

SEALED = datetime(2026, 11, 22, 10, tzinfo=SHANGHAI)
OVER = datetime(2027, 11, 23, tzinfo=SHANGHAI)
"""A year after they were sealed, and that day is still part of it."""


@pytest.fixture
def sealed(world: World) -> World:
    """The recruiter is gone and has left everything to nobody."""
    depart(world)
    assert world.erase(world.scope(RECRUITER)) == ()
    assert world.clock() == SEALED
    return world


def left(world: World) -> tuple[int, int, int]:
    """Of the company's pool: résumés that can still be read, jobs with words, entitlements."""
    received = rows(world, "application", recruiter_id=None, company_id=1001)
    jobs = rows(world, "job", recruiter_id=None, status="offline")
    return (
        sum(1 for row in received if row["resume_copy"]),
        sum(1 for row in jobs if row["description"]),
        len(rows(world, "entitlement", status="sealed")),
    )


def expire(world: World) -> int:
    return until_done(world.system().expire)


def test_nothing_goes_while_it_can_be_handed_over(sealed: World, both_databases: str) -> None:
    before = left(sealed)
    assert all(before)
    sealed.clock.at(OVER.replace(day=22, hour=23, minute=59))
    assert shares(pool(sealed))
    expire(sealed)
    assert left(sealed) == before


def test_what_nobody_took_goes_as_the_map_says(sealed: World, both_databases: str) -> None:
    applications, jobs = len(rows(sealed, "application")), len(rows(sealed, "job"))
    sealed.clock.at(OVER)
    assert pool(sealed).items == ()
    assert expire(sealed) > 0
    assert left(sealed) == (0, 0, 0)
    # Their seekers' too, and what others refer to.
    assert (len(rows(sealed, "application")), len(rows(sealed, "job"))) == (applications, jobs)
    assert expire(sealed) == 0


def test_what_was_taken_over_is_left_alone(sealed: World, both_databases: str) -> None:
    taken = [Share(one.kind, one.key) for one in pool(sealed).items]
    assert sealed.system().hand_over(ADMIN, None, taken, ADMIN) == ()
    before = sealed.dump()
    sealed.clock.at(OVER)
    expire(sealed)
    after = sealed.dump()
    assert {t: after[t] for t in ("application", "job", "entitlement")} == {
        t: before[t] for t in ("application", "job", "entitlement")
    }


def test_other_peoples_rows_are_left_alone(sealed: World) -> None:
    def of_others() -> list[object]:
        every = sealed.dump()
        return [
            row
            for table, owner in (("application", "recruiter_id"), ("job", "recruiter_id"))
            for row in every[table].values()
            if row[owner]
        ] + [row for row in every["entitlement"].values() if row["identity_id"]]

    before = of_others()
    sealed.clock.at(OVER)
    expire(sealed)
    assert of_others() == before


def test_what_a_law_keeps_keeps_its_own_term(sealed: World) -> None:
    orders = [row for row in sealed.kept() if row["step"] == "service_order.own"]
    assert orders
    sealed.clock.at(OVER)
    expire(sealed)
    assert left(sealed) == (0, 0, 0)
    assert [row for row in sealed.kept() if row["step"] == "service_order.own"] == orders


def test_undone_after_its_term_it_goes_too(sealed: World) -> None:
    (coins,) = [one for one in pool(sealed).items if one.name == "智联币"]
    share = [Share(Left.ENTITLEMENT, coins.key)]
    sealed.clock.at(OVER.replace(day=22, hour=23))
    assert sealed.system().hand_over(ADMIN, None, share, ADMIN) == ()
    sealed.clock.at(OVER)
    expire(sealed)
    assert rows(sealed, "entitlement", identity_id=ADMIN, name="智联币")
    assert sealed.system().take_back(ADMIN, None, share) == 1
    expire(sealed)
    assert left(sealed) == (0, 0, 0)


def test_it_goes_in_bites(sealed: World) -> None:
    sealed.clock.at(OVER)
    few = replace(sealed, bite=3)
    assert few.system().expire() is None
    assert left(sealed) != (0, 0, 0)
    expire(few)
    assert left(sealed) == (0, 0, 0)


def test_a_row_that_somebody_got_meanwhile_is_theirs(sealed: World) -> None:
    sealed.clock.at(OVER)
    mine = entitlement.c.status == "sealed"
    sealed.run(update(entitlement).where(mine).values(identity_id=ADMIN))
    expire(sealed)
    assert rows(sealed, "entitlement", identity_id=ADMIN, status="sealed")


def test_while_an_erasure_is_not_checked_what_it_sealed_waits(world: World) -> None:
    depart(world)
    world.apply(world.scope(RECRUITER), REF)
    world.clock.at(OVER)
    before = left(world)
    expire(world)
    assert left(world) == before
    assert world.check(REF) == ()
    expire(world)
    assert left(world) == (0, 0, 0)


def test_the_desk_says_until_when(sealed: World, both_databases: str) -> None:
    items = pool(sealed).items
    assert {one.ends_at for one in items} == {OVER}
    assert len({one.kind for one in items}) == 3


def test_who_is_still_there_has_no_end(world: World) -> None:
    assert {one.ends_at for one in depart(world).items} == {None}
    assert world.system().hand_over(ADMIN, REF, shares(depart(world)), ADMIN) == ()


def test_a_seeker_who_closes_later_is_erased_all_the_same(sealed: World) -> None:
    sealed.clock.at(OVER)
    expire(sealed)
    assert sealed.erase(sealed.scope(CLEAN_SEEKER), "ZX-2") == ()
    assert sealed.run(book.erasure.select().where(book.erasure.c.closure == "ZX-2"))
