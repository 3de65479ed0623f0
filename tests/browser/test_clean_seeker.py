"""Somebody with nothing in the way closes the account: from the first page to 已注销."""

import pytest
from sqlalchemy import func, select

from portal.accounts.sample.schema.account import security_event
from portal.accounts.sample.schema.money import service_order
from portal.accounts.sql.bookkeeping import kept
from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import PHONE, SCREENS, Screen
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

TRACES = (
    CLEAN_SEEKER.phone.removeprefix("+86"),
    CLEAN_SEEKER.mail,
    CLEAN_SEEKER.name,
    f"user_{CLEAN_SEEKER.key}",
)


def in_business(portal: Live) -> dict[str, int]:
    """Orders and the security log of the account, where everybody at work sees them."""
    with portal.accounts.begin() as connection:
        return {
            table.name: connection.scalar(
                select(func.count()).where(table.c.account_id == CLEAN_SEEKER.id)
            )
            or 0
            for table in (service_order, security_event)
        }


def kept_by_law(portal: Live) -> dict[str, int]:
    """The same where only those see them who have to, without a name."""
    counted = select(kept.c.step, func.count()).group_by(kept.c.step)
    with portal.accounts.begin() as connection:
        return {step.partition(".")[0]: number for step, number in connection.execute(counted)}


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_the_journey_ends_with_a_closed_account(
    arrives: Arrives, hasty_portal: Live, screen: Screen
) -> None:
    person = arrives(CLEAN_SEEKER, hasty_portal, screen)
    person.submits()
    assert person.heading == "注销申请已提交"
    person.follows_link()
    person.waits_for("账号已注销")
    assert "信息和数据已删除或匿名化" in person.text


def test_nothing_is_left_of_the_person_but_what_the_map_keeps(
    arrives: Arrives, hasty_portal: Live
) -> None:
    before, files = hasty_portal.dump(), hasty_portal.files()
    there = in_business(hasty_portal)
    assert all(trace in before for trace in TRACES)
    person = arrives(CLEAN_SEEKER, hasty_portal, PHONE)
    person.submits()
    person.follows_link()
    person.waits_for("账号已注销")
    after = hasty_portal.dump()
    assert [trace for trace in TRACES if trace in after] == []
    assert len(files - hasty_portal.files()) == len({"avatar", "attachment"})
    assert kept_by_law(hasty_portal) == there == {"service_order": 1, "security_event": 10}
    assert set(in_business(hasty_portal).values()) == {0}


def test_the_account_is_shut_from_the_submission_on(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal)
    person.submits()
    person.waits_for("正在核查注销申请")
    assert not portal.can_sign_in(CLEAN_SEEKER.id)
