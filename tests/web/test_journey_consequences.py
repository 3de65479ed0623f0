"""Step 4: what closing takes along, shown to whom it concerns."""

from dataclasses import replace

import pytest

from portal.accounts.sample.cast import Person
from portal.accounts.system import Holdings, Scope
from portal.closure.journey import Stage
from portal.services import Services
from portal.web.seen import seal
from tests.cast import (
    BOUND_APPS,
    CLEAN_SEEKER,
    COINS,
    MANY_IDENTITIES,
    ONLY_SUPER_ADMIN,
    RECRUITER,
)
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.outages import SwitchedAccounts
from tests.web.rows import every_row
from tests.web.steps import PAGES, come_to


class Uncounted(SwitchedAccounts):
    """Knows what there is, but not how many."""

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        found = self.real.holdings(scope, shared_jobs_too=shared_jobs_too)
        return replace(found, categories=tuple(replace(one, rows=None) for one in found.categories))


class TestConsequences:
    def look(self, walk: MakeWalk, who: Person, side: str | None = None) -> str:
        person = walk(who)
        person.verifies()
        if side:
            person.chooses(side)
        person.confirms_conditions()
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]
        return person.browser.text

    def test_a_seeker_sees_what_is_cleared(self, walk: MakeWalk) -> None:
        text = self.look(walk, COINS)
        assert "以下商业服务和产品权益将被清空： 智联币 120 枚 VIP会员服务 34 天" in text
        assert "招聘者" not in text
        assert "第三方" not in text

    def test_a_seeker_with_companies_sees_them_go_too(self, walk: MakeWalk) -> None:
        text = self.look(walk, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
        closing = text.split("与之关联的招聘者账号也将被永久注销：")[1].split("求职者身份")[0]
        assert "上海云帆教育咨询有限公司" in closing
        assert "深圳远山物流有限公司" in closing

    def test_one_of_several_identities_leaves_the_account(self, walk: MakeWalk) -> None:
        text = self.look(walk, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
        assert "注销招聘者身份的后果" in text
        assert "账号和其他身份保留，仍可登录" in text
        assert "求职者身份" not in text
        assert "深圳远山物流有限公司" not in text

    def test_a_recruiter_sees_jobs_alone_and_jobs_shared(self, walk: MakeWalk) -> None:
        text = self.look(walk, RECRUITER)
        offline = text.split("注销后自动下线：")[1].split("由协作的账号继续管理，不下线：")
        assert "测试工程师" in offline[0]
        assert "后端工程师" in offline[1]
        assert "后端工程师" not in offline[0]
        assert "未协作或其它账号协作的职位将自动下线" in text
        assert "可以交接或重新分配的超级管理员或企业管理员：秦*、罗*。" in text

    def test_the_only_super_admin_is_told(self, walk: MakeWalk) -> None:
        text = self.look(walk, ONLY_SUPER_ADMIN)
        assert "您是公司唯一的超级管理员，注销后公司将没有超级管理员。" in text

    def test_bound_services_are_named(self, walk: MakeWalk) -> None:
        assert "微信、支付宝、猎头助手" in self.look(walk, BOUND_APPS)

    def test_missing_counts_are_said_and_stop_nobody(
        self,
        make_app: MakeApp,
        services: Services,
        accounts: SwitchedAccounts,
        gateway: FakeGateway,
    ) -> None:
        uncounted = replace(services, accounts=Uncounted(accounts.real))
        person = Walk(Browser(make_app(uncounted)), uncounted, gateway, CLEAN_SEEKER)
        person.verifies()
        person.confirms_conditions()
        assert "暂时无法统计" in person.browser.text
        person.accepts_consequences()
        assert person.browser.path == PAGES[Stage.CONFIRM]

    @pytest.mark.parametrize("seen", ["", "made up", "foreign"])
    def test_only_what_was_shown_is_kept(
        self, walk: MakeWalk, services: Services, seen: str
    ) -> None:
        come_to(person := walk(MANY_IDENTITIES), Stage.CONSEQUENCES)
        foreign = seal(services, "consequences another", {"holdings": {}})
        before = every_row(services)
        person.browser.send(seen=foreign if seen == "foreign" else seen)
        assert person.browser.path == PAGES[Stage.CONSEQUENCES]
        assert "请重新了解注销的后果" in person.browser.text
        assert every_row(services) == before
