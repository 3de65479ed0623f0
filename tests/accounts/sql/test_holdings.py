from sqlalchemy import func, select, update

from portal.accounts.sample.schema.account import account
from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.money import service_order
from portal.accounts.sample.schema.seeking import application
from portal.accounts.system import Category, Holdings, Job, Outcome, Team, TeamRole, Words
from tests import cast
from tests.accounts.world import World


def holdings(world: World, person: cast.Person, *identity_ids: str) -> Holdings:
    return world.system().holdings(world.scope(person, *identity_ids), shared_jobs_too=False)


def by_name(found: Holdings) -> dict[str, Category]:
    return {category.name: category for category in found.categories}


def test_a_seeker_has_resumes_assets_and_no_team(world: World) -> None:
    (mine,) = holdings(world, cast.COINS).identities
    assert (mine.resumes, len(mine.assets), mine.jobs, mine.team) == (2, 3, (), None)


def test_a_recruiters_jobs_say_how_many_others_share_them(
    world: World, both_databases: str
) -> None:
    (mine,) = holdings(world, cast.RECRUITER).identities
    assert set(mine.jobs) == {
        Job("测试工程师", 0),
        Job("客户经理", 0),
        Job("后端工程师", 1),
        Job("运维工程师", 1),
    }


def test_a_recruiter_has_received_resumes(world: World) -> None:
    (mine,) = holdings(world, cast.RECRUITER).identities
    received = select(func.count()).where(application.c.recruiter_id == mine.identity.id)
    assert mine.resumes == world.run(received) > 20


def test_the_team_names_who_may_take_over_masked(world: World, both_databases: str) -> None:
    (mine,) = holdings(world, cast.RECRUITER).identities
    assert mine.team == Team(TeamRole.MEMBER, False, ("秦*", "罗*"))


def test_being_the_only_super_admin_is_said(world: World) -> None:
    (mine,) = holdings(world, cast.ONLY_SUPER_ADMIN).identities
    assert mine.team == Team(TeamRole.SUPER_ADMIN, True, ("罗*",))


def test_who_cannot_sign_in_cannot_take_over(world: World) -> None:
    locked = update(account).where(account.c.id == cast.COMPANY_ADMIN.id)
    world.run(locked.values(can_sign_in=False))
    (mine,) = holdings(world, cast.ONLY_SUPER_ADMIN).identities
    assert mine.team == Team(TeamRole.SUPER_ADMIN, True, ())


def test_third_party_sign_ins_are_lost_with_the_whole_account(world: World) -> None:
    assert holdings(world, cast.BOUND_APPS).bindings == ("微信", "支付宝", "猎头助手")


def test_closing_one_identity_loses_no_third_party_sign_in(world: World) -> None:
    part = holdings(world, cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1002))
    assert part.bindings == ()
    assert not {"account", "avatar", "points", "security_log"} & by_name(part).keys()


def test_every_identity_that_closes_is_listed(world: World) -> None:
    found = holdings(world, cast.MANY_IDENTITIES).identities
    assert len(found) == 3
    assert {(one.identity.company, len(one.jobs)) for one in found} == {
        (None, 0),
        ("上海云帆教育咨询有限公司", 2),
        ("深圳远山物流有限公司", 1),
    }


def test_categories_count_rows_and_say_what_becomes_of_them(
    world: World, both_databases: str
) -> None:
    found = by_name(holdings(world, cast.CLEAN_SEEKER))
    assert found["chats"] == Category(
        "chats", Words("聊天记录", "Chat messages"), Outcome.ANONYMISE, 48, None, None
    )
    assert found["resumes"].rows == 2
    orders = found["orders"]
    assert (orders.outcome, orders.rows) == (Outcome.KEEP, 1)
    assert orders.basis == Words("《电子商务法》第三十一条", "E-Commerce Law, article 31")
    assert "received_resumes" not in found


def test_orders_for_no_identity_in_particular_count_with_the_whole_account(world: World) -> None:
    who, closing = cast.MANY_IDENTITIES, cast.MANY_IDENTITIES.recruiter_id(1002)
    mine = service_order.c.account_id == who.id
    world.run(update(service_order).where(mine).values(identity_id=None))
    assert by_name(holdings(world, who))["orders"].rows == 3
    assert by_name(holdings(world, who, closing))["orders"].rows == 0


def test_the_number_is_counted_in_records_of_others_only(world: World) -> None:
    assert by_name(holdings(world, cast.RECRUITER))["number_of_others"].rows == 0
    world.run(update(job).where(job.c.title == "司机").values(contact_phone=cast.RECRUITER.phone))
    assert by_name(holdings(world, cast.RECRUITER))["number_of_others"].rows == 1


def test_jobs_are_counted_as_the_setting_says(world: World) -> None:
    scope = world.scope(cast.RECRUITER)
    one, every = (
        {c.name: c.rows for c in world.system().holdings(scope, shared_jobs_too=too).categories}
        for too in (False, True)
    )
    assert (one["jobs_offline"], one["jobs_passed_on"]) == (2, 2)
    assert (every["jobs_offline"], every["jobs_passed_on"]) == (4, 0)


def test_an_unknown_account_holds_nothing(world: World) -> None:
    scope = type(world.scope(cast.DEBT))("nobody", (), whole=False)
    assert world.system().holdings(scope, shared_jobs_too=False) == Holdings((), (), ())
