"""What the steps show of facts and holdings."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask

from portal.accounts.system import (
    Account,
    Asset,
    Holdings,
    Identity,
    IdentityHoldings,
    Job,
    Role,
    Scope,
)
from portal.closure.journey import Facts
from portal.services import Services
from portal.web import showing
from tests.fakes import FakeClock

SEEKER = Identity("s", Role.SEEKER, None)
RECRUITER = Identity("r", Role.RECRUITER, "晴川")
OTHER = Identity("o", Role.RECRUITER, "云帆")
ALONE, SHARED = Job("算法工程师", 0), Job("产品经理", 2)


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def facts(*closing: Identity, assets: tuple[Asset, ...] = ()) -> Facts:
    everybody = (SEEKER, RECRUITER, OTHER)
    scope = Scope("a", tuple(one.id for one in closing), whole=closing == everybody)
    account = Account("a", "+8619900000001", everybody)
    return Facts(account, scope, (), assets, FakeClock()())


def holdings(*identities: Identity) -> Holdings:
    each = (IdentityHoldings(one, (), (ALONE, SHARED), None, 0) for one in identities)
    return Holdings(tuple(each), (), ())


def test_jobs_that_others_share_stay(services: Services) -> None:
    ((one, offline, staying),) = showing.recruiters(services, holdings(SEEKER, RECRUITER))
    assert (one.identity, offline, staying) == (RECRUITER, (ALONE,), (SHARED,))


def test_all_jobs_go_where_the_setting_says_so(services: Services) -> None:
    settings = replace(services.settings, jobs_go_offline="all")
    strict = replace(services, settings=settings)
    ((_, offline, staying),) = showing.recruiters(strict, holdings(RECRUITER))
    assert (offline, staying) == ((ALONE, SHARED), ())


def test_the_side_names_only_what_closes() -> None:
    assert showing.side(facts(OTHER)) == "招聘者身份（云帆）"
    assert "晴川" in showing.side(facts(SEEKER, RECRUITER, OTHER))


def test_assets_stand_under_their_identity_and_no_identity_stands_alone() -> None:
    coins, refresh = Asset("s", "智联币", 1, "枚"), Asset("o", "刷新", 2, "次")
    groups = showing.assets_by_identity(facts(SEEKER, RECRUITER, OTHER, assets=(refresh, coins)))
    assert groups == [(SEEKER, [coins]), (OTHER, [refresh])]
