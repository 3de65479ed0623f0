"""A recruiter names a successor, the company accepts, and after the closing things are theirs."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.sample.schema.company import job
from portal.accounts.sample.schema.money import entitlement
from tests.browser.conftest import Arrives
from tests.browser.live import Live, until
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE, Person, Screen
from tests.cast import COMPANY_ADMIN, RECRUITER

pytestmark = pytest.mark.browser

ADMIN = COMPANY_ADMIN.recruiter_id(1001)


def comes_to_the_desk(person: Person) -> None:
    person.opens("/handover/phone")
    person.gives_number()
    person.gives_code()


def owner(portal: Live, title: str) -> tuple[str | None, str]:
    with portal.accounts.begin() as connection:
        found = select(job.c.recruiter_id, job.c.status).where(job.c.title == title)
        recruiter, status = connection.execute(found).one()
    return recruiter, status


def coins(portal: Live) -> set[tuple[str | None, int, str]]:
    c = entitlement.c
    mine = select(c.identity_id, c.quantity, c.status).where(
        c.name == "智联币", c.company_id == 1001
    )
    with portal.accounts.begin() as connection:
        return {(one, number, status) for one, number, status in connection.execute(mine)}


def names_before_submitting(person: Person) -> None:
    person.verifies()
    person.confirms_conditions()
    person.presses("link", "您可以为这些内容指定接手的同事")
    person.ticks("checkbox", "职位“测试工程师”")
    person.page.get_by_label("交给", exact=True).select_option(label="罗* 招聘经理")
    person.presses("button", "指定")
    assert "已指定 罗*，待接受" in person.text


def submits(person: Person) -> None:
    person.presses("link", "返回")
    person.accepts_consequences()
    person.confirms()


@pytest.mark.parametrize("screen", [PHONE, DESKTOP, PLAIN_PHONE], ids=str)
def test_what_is_named_accepted_and_handed_over_is_the_successors(
    arrives: Arrives, portal: Live, screen: Screen
) -> None:
    leaver, admin = arrives(RECRUITER, portal, screen), arrives(COMPANY_ADMIN, portal, screen)
    names_before_submitting(leaver)
    submits(leaver)
    until(lambda: not portal.can_sign_in(RECRUITER.id))
    comes_to_the_desk(admin)
    admin.ticks("checkbox", "职位“测试工程师”")
    admin.presses("button", "接受所选")
    admin.presses("link", "唐*")
    admin.ticks("checkbox", "智联币 60 枚")
    admin.page.locator("input[name^=quantity-]").first.fill("25")
    admin.page.get_by_label("交接给", exact=True).select_option(label="罗* 招聘经理")
    admin.presses("button", "下一步：核对")
    assert "其中交接 25 枚" in admin.text
    admin.presses("button", "确认交接")
    assert "余下 35 枚 由公司封存" in admin.text
    leaver.follows_link()
    portal.erases_now(leaver.reference)
    until(lambda: owner(portal, "测试工程师") == (ADMIN, "online"))
    until(lambda: owner(portal, "客户经理") == (None, "offline"))
    until(lambda: coins(portal) == {(ADMIN, 25, "active"), (None, 35, "sealed")})
    admin.opens("/handover")
    admin.presses("link", "查看公司封存的内容")
    portal.let_sign_ins_age(timedelta(minutes=16))
    portal.let_pass(timedelta(minutes=2))
    admin.ticks("checkbox", "职位“客户经理”")
    admin.page.get_by_label("交接给", exact=True).select_option(label="罗* 招聘经理")
    admin.presses("button", "下一步：核对")
    assert "距上次验证身份已超过 15 分钟" in admin.text
    admin.gives_number()
    admin.gives_code()
    admin.presses("button", "确认交接")
    assert owner(portal, "客户经理") == (ADMIN, "offline")
    admin.page.get_by_role("button", name="撤销").first.click()
    until(lambda: owner(portal, "客户经理") == (None, "offline"))
