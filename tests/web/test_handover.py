"""The hand-over desk over HTTP: a recruiter names, a company takes over (二.3.2)."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema.company import membership
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.system import Left
from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor
from portal.services import Services
from portal.store.tables import Closure, Event, HandoverOffer
from tests.cast import COLLEAGUES, COMPANY_ADMIN, ONLY_SUPER_ADMIN, RECRUITER
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.work import work

LEAVER = RECRUITER.recruiter_id(1001)
ADMIN = COMPANY_ADMIN.recruiter_id(1001)
SignIn = Callable[[Person], Walk]


@pytest.fixture
def signs_in(app: Flask, services: Services, gateway: FakeGateway, clock: FakeClock) -> SignIn:
    """Somebody comes to the desk, in a browser of their own."""

    def make(person: Person) -> Walk:
        walk = Walk(Browser(app), services, gateway, person)
        clock.advance(seconds=61)
        walk.browser.open("/handover/phone")
        walk.types_phone()
        walk.types_code()
        return walk

    return make


@pytest.fixture
def leaver(walk: MakeWalk, services: Services) -> Walk:
    """The recruiter, whose request is in and whose access is shut."""
    (person := walk(RECRUITER)).submits()
    work(services)
    return person


def desk(services: Services, person: Person = COMPANY_ADMIN) -> str:
    return services.vault.digest("desk", person.recruiter_id(1001))[:16]


def estate_path(services: Services, leaver: str = LEAVER, by: Person = COMPANY_ADMIN) -> str:
    return f"/handover/{desk(services, by)}/{services.vault.digest('desk', leaver)[:16]}"


def value(services: Services, name: str) -> str:
    items = services.accounts.estate(LEAVER).items
    (found,) = [one for one in items if one.name == name and one.kind is not Left.RESUMES]
    return f"{found.kind}:{found.key}"


def ticks(services: Services, name: str) -> dict[str, str]:
    return {f"item-{value(services, name)}": "y"}


def heirs(services: Services) -> dict[str, str | None]:
    items = services.accounts.estate(LEAVER).items
    return {
        one.name: one.heir and one.heir.identity_id for one in items if one.kind is not Left.RESUMES
    }


def hands_over(admin: Walk, services: Services, name: str, to: str = ADMIN, **more: str) -> None:
    admin.browser.open(estate_path(services, by=admin.person))
    admin.browser.send(**ticks(services, name), to=to, **more)
    admin.browser.send()


def kinds(services: Services) -> list[str]:
    with services.store.begin() as session:
        every = session.scalars(select(Event.kind).order_by(Event.seq)).all()
    return [kind for kind in every if kind.startswith("handover.")]


def names(leaver: Walk, services: Services, name: str, to: str = ADMIN) -> None:
    token = services.vault.digest("desk", LEAVER)[:16]
    leaver.browser.open("/handover/successors")
    leaver.browser.send(of=token, **ticks(services, name), to=to)


def answers(admin: Walk, services: Services, offer: HandoverOffer, how: str) -> None:
    fields = {f"offer-{offer.id}": "y", "answer": how}
    admin.browser.send(f"/handover/named/{desk(services)}", **fields)


def offers(services: Services) -> list[HandoverOffer]:
    with services.store.begin() as session:
        return list(session.scalars(select(HandoverOffer)))


def test_a_stranger_is_asked_for_a_code(browser: Browser) -> None:
    browser.open("/handover")
    assert browser.path == "/handover/phone"
    assert browser.heading == "企业交接"


def test_the_code_says_what_it_is_for(signs_in: SignIn, gateway: FakeGateway) -> None:
    signs_in(COMPANY_ADMIN)
    assert "用于企业交接" in gateway.sent[-1][1]


def test_an_admin_sees_who_is_leaving_and_hands_over_in_two_clicks(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    assert "唐*" in admin.browser.text
    assert RECRUITER.name not in admin.browser.text
    admin.browser.open(estate_path(services))
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    assert admin.browser.heading == "核对交接"
    assert heirs(services)["测试工程师"] is None
    admin.browser.send()
    assert "已交接 1 项。" in admin.browser.text
    assert "接手人 罗*" in admin.browser.text
    assert heirs(services)["测试工程师"] == ADMIN
    assert kinds(services) == ["handover.assigned"]


def test_what_was_handed_over_can_be_undone(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    hands_over(admin := signs_in(COMPANY_ADMIN), services, "测试工程师")
    admin.browser.send(f"{admin.browser.path}/back", **ticks(services, "测试工程师"))
    assert "已撤销" in admin.browser.text
    assert heirs(services)["测试工程师"] is None
    assert kinds(services) == ["handover.assigned", "handover.taken_back"]


@pytest.mark.parametrize("typed", ["0", "-1", "abc", "61", "9" * 40])
def test_a_number_that_can_not_be_is_refused_in_words(
    leaver: Walk, signs_in: SignIn, services: Services, typed: str
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    coins = value(services, "智联币")
    key = coins.partition(":")[2]
    admin.browser.send(**{f"item-{coins}": "y"}, to=ADMIN, **{f"quantity-{key}": typed})
    assert "请先更正以下内容" in admin.browser.text
    assert heirs(services)["智联币"] is None


def test_part_of_an_entitlement(leaver: Walk, signs_in: SignIn, services: Services) -> None:
    admin, coins = signs_in(COMPANY_ADMIN), value(services, "智联币")
    admin.browser.open(estate_path(services))
    number = {f"quantity-{coins.partition(':')[2]}": "２５"}
    admin.browser.send(**ticks(services, "智联币"), **number, to=ADMIN)
    assert "其中交接 25 枚" in admin.browser.text
    admin.browser.send()
    assert "余下 35 枚 由公司封存" in admin.browser.text


def test_the_recruiter_names_and_the_colleague_accepts(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    names(leaver, services, "测试工程师")
    assert "等待同事或管理员接受" in leaver.browser.text
    assert "已指定 罗*，待接受" in leaver.browser.text
    assert heirs(services)["测试工程师"] is None
    admin = signs_in(COMPANY_ADMIN)
    (offer,) = offers(services)
    answers(admin, services, offer, "accept")
    assert "已为您预留" in admin.browser.text
    assert heirs(services)["测试工程师"] == ADMIN
    assert offers(services) == []
    assert kinds(services) == ["handover.named", "handover.accepted"]


def test_a_colleague_may_decline(leaver: Walk, signs_in: SignIn, services: Services) -> None:
    names(leaver, services, "测试工程师")
    (offer,) = offers(services)
    admin = signs_in(COMPANY_ADMIN)
    answers(admin, services, offer, "decline")
    assert "已婉拒" in admin.browser.text
    assert (offers(services), heirs(services)["测试工程师"]) == ([], None)


def test_a_name_can_be_withdrawn(leaver: Walk, services: Services) -> None:
    names(leaver, services, "测试工程师")
    names(leaver, services, "测试工程师", to="nobody")
    assert offers(services) == []
    assert kinds(services) == ["handover.named", "handover.withdrawn"]


@pytest.mark.parametrize("to", [LEAVER, COLLEAGUES[0].recruiter_id(1002), "x"])
def test_nobody_but_a_colleague_can_be_named(leaver: Walk, services: Services, to: str) -> None:
    names(leaver, services, "测试工程师", to=to)
    assert "请选择交给谁" in leaver.browser.text
    assert offers(services) == []


def test_naming_needs_a_fresh_code_and_comes_back_to_it(
    leaver: Walk, services: Services, clock: FakeClock
) -> None:
    clock.advance(minutes=16)
    leaver.browser.open("/handover/successors")
    assert leaver.browser.path == "/handover/phone"
    leaver.types_phone()
    leaver.types_code()
    assert leaver.browser.path == "/handover/successors"


def test_one_may_name_before_submitting(
    walk: MakeWalk, signs_in: SignIn, services: Services
) -> None:
    (person := walk(RECRUITER)).comes_to_confirm()
    names(person, services, "测试工程师")
    assert len(offers(services)) == 1
    assert "来自 唐*" not in signs_in(COMPANY_ADMIN).browser.text
    person.browser.open("/close/confirm")
    person.browser.send(agree="y")
    work(services)
    assert "来自 唐*" in signs_in(COMPANY_ADMIN).browser.text


def test_what_was_used_up_between_offer_and_acceptance_is_told(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    names(leaver, services, "智联币")
    (offer,) = offers(services)
    engine = services.accounts.real._engine  # type: ignore[attr-defined]
    with engine.begin() as connection:
        less = update(entitlement).where(entitlement.c.id == int(offer.key)).values(quantity=7)
        connection.execute(less)
    admin = signs_in(COMPANY_ADMIN)
    answers(admin, services, offer, "accept")
    assert "数量已经变少" in admin.browser.text
    assert heirs(services)["智联币"] is None
    answers(admin, services, offer, "accept")
    assert heirs(services)["智联币"] == ADMIN


def test_the_second_admin_is_told_who_took_it_and_when(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    one, other = signs_in(COMPANY_ADMIN), signs_in(ONLY_SUPER_ADMIN)
    boss = ONLY_SUPER_ADMIN.recruiter_id(1001)
    other.browser.open(estate_path(services, by=ONLY_SUPER_ADMIN))
    other.browser.send(**ticks(services, "测试工程师"), to=boss)
    hands_over(one, services, "测试工程师")
    other.browser.send()
    assert "已由同事接手" in other.browser.text
    assert "接手人 罗*" in other.browser.text
    assert heirs(services)["测试工程师"] == ADMIN


def test_a_second_click_is_no_refusal(leaver: Walk, signs_in: SignIn, services: Services) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    confirm = {**admin.browser.page.fields}
    admin.browser.send()
    again = admin.browser.client.post(estate_path(services), data=confirm)
    assert again.status_code == 303
    assert kinds(services) == ["handover.assigned"]


@pytest.mark.parametrize("ends", ["restored", "refused"])
def test_the_end_of_the_closure_lapses_names_and_reservations(
    leaver: Walk, signs_in: SignIn, services: Services, ends: str
) -> None:
    names(leaver, services, "客户经理")
    hands_over(admin := signs_in(COMPANY_ADMIN), services, "测试工程师")
    with services.store.begin() as session:
        closure_id = session.scalars(select(Closure.id)).one()
    if ends == "restored":
        leaver.tracks()
        leaver.browser.open(f"{leaver.browser.path}/restore")
        leaver.browser.send()
    else:
        holding.refuse(services, closure_id, Reason.DEBT, Actor.OPERATOR)
    work(services)
    assert set(heirs(services).values()) == {None}
    assert offers(services) == []
    admin.browser.open(estate_path(services))
    assert admin.browser.path == "/handover"
    assert "这份交接已经不在了" in admin.browser.text


def test_a_held_closure_can_be_handed_over(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    with services.store.begin() as session:
        closure_id = session.scalars(select(Closure.id)).one()
    holding.hold(services, closure_id, Reason.DISPUTE, Actor.OPERATOR)
    hands_over(signs_in(COMPANY_ADMIN), services, "测试工程师")
    assert heirs(services)["测试工程师"] == ADMIN


def test_an_admin_who_is_one_no_more_is_told_and_changes_nothing(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    engine = services.accounts.real._engine  # type: ignore[attr-defined]
    with engine.begin() as connection:
        mine = membership.c.identity_id == ADMIN
        connection.execute(update(membership).where(mine).values(role="member"))
    admin.browser.send()
    assert "不是这家公司的超级管理员或企业管理员" in admin.browser.text
    assert heirs(services)["测试工程师"] is None


def test_another_companys_desk_is_no_page(
    leaver: Walk, signs_in: SignIn, services: Services
) -> None:
    foreign = signs_in(COLLEAGUES[0])
    assert "唐*" not in foreign.browser.text
    foreign.browser.open(estate_path(services))
    assert foreign.browser.response.status_code == 404


def test_what_is_handed_over_is_the_colleagues_after_the_closing(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    hands_over(signs_in(COMPANY_ADMIN), services, "测试工程师")
    clock.advance(hours=109)
    work(services)
    with services.store.begin() as session:
        assert session.scalars(select(Closure.state)).one() == State.CLOSED
    admin = signs_in(COMPANY_ADMIN)
    assert "查看公司封存的内容" in admin.browser.text
    mine = services.accounts.estate(ADMIN).items
    assert "测试工程师" in {one.name for one in mine if one.kind is Left.JOB}
    admin.browser.open(f"/handover/{desk(services)}/pool")
    assert "客户经理" in admin.browser.text
    assert "2027年11月27日 00:00 前可以交接" in admin.browser.text
    assert "到期没有交接的不再保留" in admin.browser.text


def test_all_of_a_kind_at_once(leaver: Walk, signs_in: SignIn, services: Services) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    admin.browser.send(**{"item-job:all": "y"}, to=ADMIN)
    assert "职位“运维工程师”" in admin.browser.text
    admin.browser.send()
    taken = {name for name, heir in heirs(services).items() if heir}
    assert taken == {"测试工程师", "客户经理", "后端工程师", "运维工程师"}


def chooses_with_an_old_code(signs_in: SignIn, services: Services, clock: FakeClock) -> Walk:
    """An admin who has to give a code before the job is handed over."""
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    clock.advance(minutes=16)
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    return admin


def gives_a_code(walk: Walk, clock: FakeClock) -> None:
    """What is asked for again, after the sign-in has grown old."""
    assert walk.browser.path.endswith("/handover/phone")
    clock.advance(seconds=61)
    walk.types_phone()
    walk.types_code()


def test_handing_over_with_an_old_code_asks_for_one_and_comes_back_to_the_check(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin, coins = signs_in(COMPANY_ADMIN), value(services, "智联币")
    admin.browser.open(estate_path(services))
    clock.advance(minutes=15, seconds=1)
    number = {f"quantity-{coins.partition(':')[2]}": "25"}
    admin.browser.send(**ticks(services, "智联币"), **number, to=ADMIN)
    assert "距上次验证身份已超过 15 分钟" in admin.browser.text
    gives_a_code(admin, clock)
    assert admin.browser.path == estate_path(services)
    assert admin.browser.heading == "核对交接"
    assert "刚才的操作还没有生效" in admin.browser.text
    assert "其中交接 25 枚" in admin.browser.text
    assert heirs(services)["智联币"] is None
    admin.browser.send()
    assert heirs(services)["智联币"] == ADMIN


def test_a_code_that_grew_old_on_the_page_to_check_is_asked_for_there_too(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    clock.advance(minutes=15, seconds=1)
    admin.browser.send()
    assert heirs(services)["测试工程师"] is None
    gives_a_code(admin, clock)
    assert heirs(services)["测试工程师"] is None
    assert admin.browser.heading == "核对交接"
    admin.browser.send()
    assert heirs(services)["测试工程师"] == ADMIN


def test_accepting_with_an_old_code_comes_back_to_what_was_ticked(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    names(leaver, services, "测试工程师")
    names(leaver, services, "客户经理")
    admin = signs_in(COMPANY_ADMIN)
    first = offers(services)[0]
    clock.advance(minutes=15, seconds=1)
    answers(admin, services, first, "accept")
    assert len(offers(services)) == 2
    gives_a_code(admin, clock)
    assert admin.browser.path == "/handover"
    ticked = re.findall(r'name="offer-(\w+)"[^>]*checked', admin.browser.response.text)
    assert ticked == [first.id]
    answers(admin, services, first, "accept")
    assert len(offers(services)) == 1


def test_declining_moves_nothing_and_needs_no_new_code(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    names(leaver, services, "测试工程师")
    admin = signs_in(COMPANY_ADMIN)
    clock.advance(minutes=16)
    answers(admin, services, offers(services)[0], "decline")
    assert offers(services) == []


def test_undoing_with_an_old_code_comes_back_to_where_it_is_done(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    hands_over(admin := signs_in(COMPANY_ADMIN), services, "测试工程师")
    clock.advance(minutes=15, seconds=1)
    undo = estate_path(services) + "/back"
    admin.browser.send(undo, **ticks(services, "测试工程师"))
    assert heirs(services)["测试工程师"] == ADMIN
    gives_a_code(admin, clock)
    assert admin.browser.path == estate_path(services)
    assert heirs(services)["测试工程师"] == ADMIN
    assert "请重新选择" in admin.browser.text
    assert "请先更正" not in admin.browser.text
    admin.browser.send(undo, **ticks(services, "测试工程师"))
    assert heirs(services)["测试工程师"] is None


def test_what_waits_for_a_code_is_nobody_elses(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = chooses_with_an_old_code(signs_in, services, clock)
    other = Walk(admin.browser, services, admin.gateway, ONLY_SUPER_ADMIN)
    gives_a_code(other, clock)
    assert admin.browser.path == "/handover"
    admin.browser.open(estate_path(services, by=ONLY_SUPER_ADMIN))
    assert admin.browser.heading == "唐*留下的内容"


def test_what_waits_for_a_code_can_be_read_by_nobody_on_the_way(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = chooses_with_an_old_code(signs_in, services, clock)
    with admin.browser.client.session_transaction() as cookie:
        assert "paused" in cookie
        assert ADMIN not in str(cookie)
        assert value(services, "测试工程师") not in str(cookie)


def test_more_than_a_cookie_holds_has_to_be_chosen_again(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open(estate_path(services))
    clock.advance(minutes=16)
    many = {f"item-job:{number * number * 7919}": "y" for number in range(600)}
    admin.browser.send(**many, **ticks(services, "测试工程师"), to=ADMIN)
    gives_a_code(admin, clock)
    assert admin.browser.path == estate_path(services)
    assert admin.browser.heading == "唐*留下的内容"
    assert "请重新选择" in admin.browser.text


def test_whoever_goes_back_instead_still_finds_it_after_the_code(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = chooses_with_an_old_code(signs_in, services, clock)
    admin.browser.open(estate_path(services))
    assert admin.browser.heading == "唐*留下的内容"
    admin.browser.open("/handover/phone")
    gives_a_code(admin, clock)
    assert admin.browser.heading == "核对交接"


def test_an_act_of_long_ago_does_not_come_back_by_a_code_given_elsewhere(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = chooses_with_an_old_code(signs_in, services, clock)
    clock.advance(minutes=16)
    admin.tracks()
    admin.browser.open(estate_path(services))
    assert admin.browser.heading == "唐*留下的内容"


@pytest.mark.parametrize("otherwise", ["later", "naming"])
def test_what_nobody_has_in_mind_any_more_does_not_come_back(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock, otherwise: str
) -> None:
    admin = chooses_with_an_old_code(signs_in, services, clock)
    if otherwise == "later":
        clock.advance(minutes=15)
    else:
        admin.browser.open("/handover/successors")
    gives_a_code(admin, clock)
    there = {"later": "/handover", "naming": "/handover/successors"}
    assert admin.browser.path == there[otherwise]


def test_in_english_it_comes_back_in_english(
    leaver: Walk, signs_in: SignIn, services: Services, clock: FakeClock
) -> None:
    admin = signs_in(COMPANY_ADMIN)
    path = f"/en{estate_path(services)}"
    admin.browser.open(path)
    assert {form["action"] for form in admin.browser.page.forms} == {path}
    clock.advance(minutes=16)
    admin.browser.send(**ticks(services, "测试工程师"), to=ADMIN)
    assert "more than 15 minutes" in admin.browser.text
    gives_a_code(admin, clock)
    assert (admin.browser.path, admin.browser.heading) == (path, "Check the hand-over")


def test_the_desk_speaks_english_too(leaver: Walk, signs_in: SignIn, services: Services) -> None:
    names(leaver, services, "测试工程师")
    leaver.browser.open("/en/handover/successors")
    admin = signs_in(COMPANY_ADMIN)
    admin.browser.open("/en/handover")
    path = f"/en{estate_path(services)}"
    admin.browser.open(path)
    admin.browser.send(**ticks(services, "智联币"), to=ADMIN)
    assert admin.browser.heading == "Check the hand-over"
    admin.browser.send()
    assert "1 item handed over." in admin.browser.text
