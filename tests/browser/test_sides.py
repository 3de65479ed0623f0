"""Recruiters, and people with several identities: what each choice closes and what it leaves."""

import pytest
from sqlalchemy import select

from portal.accounts.sample.companies import YUANSHAN, YUNFAN
from portal.accounts.sample.schema.account import identity
from portal.accounts.sample.schema.company import job
from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_DESKTOP, Person, Screen
from tests.cast import MANY_IDENTITIES, ONLY_SUPER_ADMIN, RECRUITER

pytestmark = pytest.mark.browser

SEEKER = "求职者身份"
AT_YUNFAN = "招聘者身份（上海云帆教育咨询有限公司）"
AT_YUANSHAN = "招聘者身份（深圳远山物流有限公司）"


def submits(person: Person, side: str) -> None:
    person.verifies()
    person.chooses(side)
    person.confirms_conditions()
    person.accepts_consequences()
    assert side in person.text
    person.confirms()


def identities(portal: Live) -> set[str]:
    """The ids of the identities that the person with several still has."""
    mine = select(identity.c.id).where(identity.c.account_id == MANY_IDENTITIES.id)
    with portal.accounts.begin() as connection:
        return set(connection.scalars(mine))


def listed_after(person: Person, words: str) -> list[str]:
    """The items of the list that follows a paragraph, sorted."""
    paragraph = person.page.locator("p", has_text=words)
    return sorted(paragraph.locator("xpath=following-sibling::ul[1]/li").all_inner_texts())


def statuses(portal: Live, *titles: str) -> set[str]:
    with portal.accounts.begin() as connection:
        return set(connection.scalars(select(job.c.status).where(job.c.title.in_(titles))))


def test_a_recruiter_sees_both_kinds_of_jobs_and_they_fare_as_said(
    arrives: Arrives, hasty_portal: Live
) -> None:
    person = arrives(RECRUITER, hasty_portal, DESKTOP)
    person.verifies()
    person.confirms_conditions()
    alone = listed_after(person, "注销后自动下线")
    shared = listed_after(person, "由协作的账号继续管理")
    assert alone == ["客户经理", "测试工程师"]
    assert shared == ["后端工程师（1 个账号协作）", "运维工程师（1 个账号协作）"]
    person.accepts_consequences()
    person.confirms()
    person.follows_link()
    person.waits_for("账号已注销")
    assert statuses(hasty_portal, "测试工程师", "客户经理") == {"offline"}
    assert statuses(hasty_portal, "后端工程师", "运维工程师") == {"online"}


def test_the_only_super_admin_is_told_so(arrives: Arrives, portal: Live) -> None:
    person = arrives(ONLY_SUPER_ADMIN, portal, PHONE)
    person.verifies()
    person.confirms_conditions()
    assert "您是公司唯一的超级管理员" in person.text


@pytest.mark.parametrize(
    ("side", "company", "screen"),
    [(AT_YUNFAN, YUNFAN, PHONE), (AT_YUANSHAN, YUANSHAN, PLAIN_DESKTOP)],
    ids=["yunfan", "yuanshan"],
)
def test_one_recruiter_identity_goes_alone_and_the_account_still_signs_in(
    arrives: Arrives, hasty_portal: Live, side: str, company: int, screen: Screen
) -> None:
    before = identities(hasty_portal)
    person = arrives(MANY_IDENTITIES, hasty_portal, screen)
    submits(person, side)
    person.follows_link()
    person.waits_for("招聘者身份已注销")
    assert "账号仍可登录" in person.text
    assert hasty_portal.can_sign_in(MANY_IDENTITIES.id)
    assert identities(hasty_portal) == before - {MANY_IDENTITIES.recruiter_id(company)}


def test_the_seeker_side_takes_the_recruiter_identities_along(
    arrives: Arrives, hasty_portal: Live
) -> None:
    person = arrives(MANY_IDENTITIES, hasty_portal, PHONE)
    person.verifies()
    person.chooses(SEEKER)
    person.confirms_conditions()
    linked = person.page.locator("strong", has_text="与之关联的招聘者账号也将被永久注销")
    assert linked.count() == 1
    person.accepts_consequences()
    person.confirms()
    person.follows_link()
    person.waits_for("账号已注销")
    assert not hasty_portal.can_sign_in(MANY_IDENTITIES.id)
    assert identities(hasty_portal) == set()
    assert MANY_IDENTITIES.name not in hasty_portal.dump()
