"""Step 3: which side, and the six conditions with the boxes they need."""

import pytest
from sqlalchemy import update

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema.money import debt, entitlement
from portal.closure.journey import Stage
from portal.services import Services
from tests.cast import (
    ABANDONED_ORDER,
    BLOCKED,
    CLEAN_SEEKER,
    COINS,
    DEBT,
    MANY_IDENTITIES,
    OLD_SIGN_IN,
)
from tests.client import Browser
from tests.web.conftest import MakeWalk
from tests.web.outages import SwitchedAccounts
from tests.web.rows import every_row, upstream
from tests.web.steps import PAGES, come_to


class TestSide:
    def test_nothing_is_chosen_for_the_person(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        assert "checked" not in person.browser.response.text
        assert "会同时注销您的全部招聘者身份" in person.browser.text

    def test_no_choice_is_told(self, walk: MakeWalk, services: Services) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        before = every_row(services)
        person.browser.send()
        assert "请选择要注销的身份" in person.browser.text
        assert every_row(services) == before

    def test_the_side_of_somebody_else_cannot_be_chosen(
        self, walk: MakeWalk, services: Services
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.SIDE)
        person.chooses(CLEAN_SEEKER.seeker_id)
        assert person.browser.path == PAGES[Stage.SIDE]
        assert "请选择要注销的身份" in person.browser.text

    def test_one_identity_is_no_choice(self, walk: MakeWalk) -> None:
        walk(CLEAN_SEEKER).verifies()
        person = walk(CLEAN_SEEKER)
        person.browser.open(PAGES[Stage.SIDE])
        assert person.browser.path == PAGES[Stage.CONDITIONS]

    def test_another_choice_asks_everything_again(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.recruiter_id(1002))
        person.browser.open(PAGES[Stage.CONFIRM])
        assert person.browser.path == PAGES[Stage.CONDITIONS]

    def test_the_same_choice_again_keeps_everything(self, walk: MakeWalk) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.seeker_id)
        person.browser.open(PAGES[Stage.CONFIRM])
        assert person.browser.path == PAGES[Stage.CONFIRM]


FAILED = dict(zip(BLOCKED, (2, 3, 4, 4, 4, 6, 5, 1), strict=True))
"""Whom which condition keeps."""


class TestConditions:
    @pytest.mark.parametrize(("who", "number"), FAILED.items(), ids=[one.key for one in FAILED])
    def test_whoever_does_not_fulfil_one_learns_which_and_goes_no_further(
        self, walk: MakeWalk, services: Services, who: Person, number: int
    ) -> None:
        person = walk(who)
        person.verifies()
        before = every_row(services)
        text = person.browser.text
        assert "现在还不能注销" in text
        assert "未通过" in text.split(f" {number}. ")[1].split(f" {number + 1}. ")[0]
        assert text.count(" 未通过 ") == 1
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert "与您确认时不同" not in person.browser.text
        assert every_row(services) == before

    @pytest.mark.parametrize("who", [ABANDONED_ORDER, OLD_SIGN_IN], ids=lambda who: who.key)
    def test_what_only_looks_like_an_obstacle_is_none(self, walk: MakeWalk, who: Person) -> None:
        person = walk(who)
        person.verifies()
        assert "未通过" not in person.browser.text
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]

    def test_what_is_settled_passes_at_the_next_look(
        self, walk: MakeWalk, services: Services
    ) -> None:
        person = walk(DEBT)
        person.verifies()
        upstream(services, update(debt).values(settled_at=services.clock()))
        person.browser.open(PAGES[Stage.CONDITIONS])
        assert "未通过" not in person.browser.text

    @pytest.mark.parametrize("away", ["standing", "everything"])
    def test_what_cannot_be_read_is_neither_passed_nor_failed(
        self, walk: MakeWalk, accounts: SwitchedAccounts, services: Services, away: str
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONDITIONS)
        before = every_row(services)
        with accounts.without(away):
            person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert person.browser.text.count(" 暂时无法检查 ") == 6
        assert "有的条件暂时无法检查，请过几分钟再试。" in person.browser.text
        assert "申请尚未提交" in person.browser.text
        assert PAGES[Stage.CONDITIONS] in person.browser.page.links
        assert "未通过" not in person.browser.text
        assert every_row(services) == before

    def test_a_stranger_is_told_nothing_while_nothing_can_be_read(
        self, browser: Browser, accounts: SwitchedAccounts
    ) -> None:
        with accounts.without("everything"):
            browser.open(PAGES[Stage.CONDITIONS])
        assert browser.path == PAGES[Stage.NOTICE]

    @pytest.mark.parametrize(
        ("ticked", "missing"),
        [
            ({}, {"#owner", "#assets"}),
            ({"owner": "y"}, {"#assets"}),
            ({"assets": "y"}, {"#owner"}),
        ],
    )
    def test_ownership_and_assets_each_need_their_own_box(
        self, walk: MakeWalk, services: Services, ticked: dict[str, str], missing: set[str]
    ) -> None:
        person = walk(COINS)
        person.verifies()
        before = every_row(services)
        person.browser.send(**ticked)
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert {one for one in person.browser.page.links if one in ("#owner", "#assets")} == missing
        assert every_row(services) == before

    def test_whoever_owns_nothing_gives_nothing_up(self, walk: MakeWalk) -> None:
        person = walk(CLEAN_SEEKER)
        person.verifies()
        assert "视为您自动放弃" not in person.browser.text
        person.browser.send(owner="y")
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]

    @pytest.mark.parametrize("seen", ["", "made up"])
    def test_boxes_count_only_for_the_assets_that_were_shown(
        self, walk: MakeWalk, services: Services, seen: str
    ) -> None:
        person = walk(COINS)
        person.verifies()
        before = every_row(services)
        person.browser.send(owner="y", assets="y", seen=seen)
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert "账号情况与您确认时不同，请重新核对注销条件" in person.browser.text
        assert every_row(services) == before

    def test_assets_that_changed_after_they_were_shown_are_shown_again(
        self, walk: MakeWalk, services: Services
    ) -> None:
        person = walk(COINS)
        person.verifies()
        upstream(services, update(entitlement).values(quantity=7))
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
        assert "账号情况与您确认时不同，请重新核对注销条件" in person.browser.text
        assert "智联币 7 枚" in person.browser.text
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]

    def test_boxes_do_not_count_for_a_side_chosen_in_another_tab(
        self, walk: MakeWalk, services: Services
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONDITIONS)
        old_tab = person.browser.page
        person.browser.open(PAGES[Stage.SIDE])
        person.chooses(MANY_IDENTITIES.recruiter_id(1003))
        before = every_row(services)
        person.browser.page = old_tab
        person.confirms_conditions()
        assert "账号情况与您确认时不同，请重新核对注销条件" in person.browser.text
        assert every_row(services) == before
