from datetime import timedelta

import pytest
from sqlalchemy import insert, update

from portal.accounts.sample.schema.account import freeze, penalty
from portal.accounts.sample.schema.desk import complaint
from portal.accounts.sample.schema.money import PROVIDED, debt, entitlement, service_order
from portal.accounts.system import Asset, Debt, DisputeKind, Penalty, Standing, UnpaidOrder
from tests import cast
from tests.accounts.world import World

NOTHING = Standing(
    official=True,
    debts=(),
    assets=(),
    unpaid_orders=(),
    disputes=(),
    security_events=(),
    penalties=(),
)


def standing(world: World, person: cast.Person, *identity_ids: str) -> Standing:
    return world.system().standing(world.scope(person, *identity_ids))


@pytest.mark.parametrize(
    "person",
    [cast.CLEAN_SEEKER, cast.ABANDONED_ORDER, cast.BOUND_APPS, cast.BUSY, cast.ONLY_SUPER_ADMIN],
    ids=lambda person: person.key,
)
def test_nothing_stands_in_the_way_of_these(
    world: World, person: cast.Person, both_databases: str
) -> None:
    assert standing(world, person) == NOTHING


def test_coins_and_days_left_are_assets(world: World) -> None:
    mine = cast.COINS.seeker_id
    assert standing(world, cast.COINS).assets == (
        Asset(mine, "智联币", 120, "枚"),
        Asset(mine, "VIP会员服务", 34, "天"),
        Asset(mine, "简历置顶服务", 2, "次"),
    )


def test_what_is_used_up_or_has_run_out_is_no_asset(world: World) -> None:
    world.run(update(entitlement).where(entitlement.c.name == "智联币").values(quantity=0))
    world.clock.advance(days=35)
    assert [one.name for one in standing(world, cast.COINS).assets] == ["简历置顶服务"]


def test_a_debt_stands_until_it_is_settled(world: World) -> None:
    assert standing(world, cast.DEBT).debts == (Debt("简历优化服务分期款", 12800),)
    world.run(update(debt).values(settled_at=world.clock()))
    assert standing(world, cast.DEBT).debts == ()


def test_an_order_that_was_provided_and_not_paid(world: World) -> None:
    (order,) = standing(world, cast.UNPAID_ORDER).unpaid_orders
    assert (order.what, order.fen) == ("面试辅导服务 1 次", 29900)
    assert order.number.startswith("ZL")


def test_an_order_for_no_identity_in_particular_is_the_accounts(
    world: World, both_databases: str
) -> None:
    who, closing = cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1003)
    owner = {"account_id": who.id, "identity_id": None, "ordered_at": world.clock()}
    order = {"number": "ZL1", "what": "服务", "fen": 100, "status": PROVIDED}
    world.run(insert(service_order).values(owner | order))
    unpaid = (UnpaidOrder("ZL1", "服务", 100),)
    assert standing(world, who).unpaid_orders == unpaid
    assert standing(world, who, closing).unpaid_orders == unpaid


def test_an_order_of_an_identity_that_stays_does_not_count(world: World) -> None:
    who, closing = cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1003)
    world.run(update(service_order).values(status=PROVIDED))
    assert len(standing(world, who).unpaid_orders) == 3
    assert len(standing(world, who, closing).unpaid_orders) == 1


@pytest.mark.parametrize(
    ("person", "kind", "number"),
    [
        (cast.COMPLAINANT, DisputeKind.COMPLAINANT, "TS202600000001"),
        (cast.RESPONDENT, DisputeKind.RESPONDENT, "TS202600000002"),
    ],
)
def test_an_open_complaint_counts_for_both_parties(
    world: World, person: cast.Person, kind: DisputeKind, number: str
) -> None:
    (dispute,) = standing(world, person).disputes
    assert (dispute.kind, dispute.number) == (kind, number)
    assert dispute.opened_at == world.clock() - timedelta(days=6)


def test_a_settled_complaint_is_no_dispute(world: World) -> None:
    world.run(update(complaint).values(settled_at=world.clock()))
    assert standing(world, cast.COMPLAINANT).disputes == ()


def test_a_dispute_freeze_is_a_dispute_and_a_penalty_freeze_a_penalty(world: World) -> None:
    disputed = standing(world, cast.DISPUTE_FROZEN)
    punished = standing(world, cast.PENALTY_FROZEN)
    assert [one.kind for one in disputed.disputes] == [DisputeKind.FREEZE]
    assert disputed.penalties == ()
    since = world.clock() - timedelta(days=12)
    assert punished.penalties == (Penalty("发布违规信息，账号冻结", since),)
    assert punished.disputes == ()


def test_a_lifted_freeze_is_none(world: World) -> None:
    world.run(update(freeze).values(lifted_at=world.clock()))
    assert standing(world, cast.DISPUTE_FROZEN) == NOTHING
    assert standing(world, cast.PENALTY_FROZEN) == NOTHING


def test_a_freeze_that_a_closure_owns_is_not_seen(world: World) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    world.system().set_access("ZX-1", scope, frozen=True, epoch=1)
    assert world.system().standing(scope) == NOTHING


@pytest.mark.parametrize(("person", "days"), [(cast.RECENT_SIGN_IN, 20), (cast.OLD_SIGN_IN, 100)])
def test_suspicious_sign_ins_of_the_last_year_are_told(
    world: World, person: cast.Person, days: int
) -> None:
    (event,) = standing(world, person).security_events
    assert (event.what, event.at) == ("异地登录", world.clock() - timedelta(days=days))
    world.clock.advance(days=400)
    assert standing(world, person).security_events == ()


def test_registration_through_a_partner_is_not_official(world: World) -> None:
    assert not standing(world, cast.UNOFFICIAL).official


def test_an_unknown_account_is_not_official(world: World) -> None:
    scope = world.scope(cast.CLEAN_SEEKER)
    world.erase(scope, "ZX-9")
    world.run(update(debt).values(settled_at=world.clock()))
    unknown = type(scope)("nobody", (), whole=True)
    assert not world.system().standing(unknown).official


def test_only_the_scopes_identities_count_and_always_the_account(world: World) -> None:
    who, closing = cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1003)
    now = world.clock()
    world.run(
        insert(penalty).values(
            [
                {"account_id": None, "identity_id": who.seeker_id, "what": "禁言", "since": now},
                {"account_id": who.id, "identity_id": None, "what": "限制发布", "since": now},
            ]
        )
    )
    part = standing(world, who, closing)
    assert part.penalties == (Penalty("限制发布", now),)
    assert part.assets == ()
    assert len(standing(world, who).penalties) == 2
    assert len(standing(world, who).assets) == 2
