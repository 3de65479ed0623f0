"""Nobody gets further than they are, and nobody sees what is not theirs (SECURITY F1, F6)."""

import pytest
from flask import Flask
from sqlalchemy import update

from portal.accounts.sample.schema.account import account
from portal.closure.journey import Stage
from portal.identity.sign_in import IDLE
from portal.services import Services
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.conftest import MakeWalk
from tests.web.routes import UNKNOWN_REFERENCE
from tests.web.rows import every_row, upstream
from tests.web.steps import PAGES, come_to, prove


@pytest.mark.parametrize("stage", Stage)
def test_no_address_leads_past_the_step_one_is_at(walk: MakeWalk, stage: Stage) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    for asked, path in PAGES.items():
        person.browser.open(path)
        assert person.browser.path == PAGES[min(asked, stage)]


@pytest.mark.parametrize("stage", Stage)
def test_no_form_of_a_later_step_is_taken(walk: MakeWalk, services: Services, stage: Stage) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    before = every_row(services)
    for later in list(PAGES)[stage:]:
        answers = {"agree": "y", "owner": "y", "assets": "y", "side": MANY_IDENTITIES.seeker_id}
        person.browser.send(PAGES[later], **answers)
        assert person.browser.path == PAGES[stage]
    assert every_row(services) == before


@pytest.mark.parametrize("stage", list(Stage)[:-1])
def test_whoever_is_sent_back_is_told_why(walk: MakeWalk, stage: Stage) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    person.browser.open(PAGES[Stage.CONFIRM])
    assert "请注意" in person.browser.text
    assert "申请尚未提交" in person.browser.text


@pytest.mark.parametrize("stage", list(Stage)[2:])
def test_a_sign_in_that_ran_out_in_mid_form_loses_nothing(
    walk: MakeWalk, clock: FakeClock, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    clock.advance(seconds=IDLE.total_seconds())
    person.browser.send(owner="y", assets="y", agree="y", side=MANY_IDENTITIES.seeker_id)
    assert person.browser.path == PAGES[Stage.VERIFY]
    assert "已确认的步骤会保留，您的申请尚未提交" in person.browser.text
    prove(person)
    assert person.browser.path == PAGES[stage]


def test_an_account_that_has_gone_upstream_must_be_proved_again(
    walk: MakeWalk, services: Services
) -> None:
    come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
    gone = update(account).where(account.c.id == MANY_IDENTITIES.id)
    upstream(services, gone.values(closed_at=services.clock()))
    person.browser.send(agree="y")
    assert person.browser.path == PAGES[Stage.VERIFY]


@pytest.mark.parametrize("stage", list(Stage)[1:])
def test_a_version_that_comes_into_force_on_the_way_is_read_first(
    two_versions: FakeClock, walk: MakeWalk, services: Services, stage: Stage
) -> None:
    come_to(person := walk(MANY_IDENTITIES), stage)
    two_versions.advance(minutes=1)
    person.browser.open(PAGES[Stage.CONFIRM])
    assert person.browser.path == PAGES[Stage.NOTICE]
    assert "须知已更新为 2026V1" in person.browser.text


def test_the_owner_of_an_open_closure_is_taken_to_it_from_every_step(walk: MakeWalk) -> None:
    person = walk(COINS)
    reference = person.submits()
    for path in list(PAGES.values())[2:]:
        person.browser.open(path)
        assert person.browser.path == f"/closures/{reference}"


CLOSURE_PAGES = ("/closures/{}", "/closures/{}/restore")


@pytest.mark.parametrize("page", CLOSURE_PAGES)
@pytest.mark.parametrize("actor", ["nobody", "somebody_else", "link_to_another"])
def test_a_closure_of_somebody_else_looks_like_none(
    walk: MakeWalk,
    app: Flask,
    services: Services,
    gateway: FakeGateway,
    actor: str,
    page: str,
) -> None:
    foreign = walk(COINS).submits()
    other = Walk(Browser(app), services, gateway, CLEAN_SEEKER)
    if actor != "nobody":
        other.submits()
    if actor == "link_to_another":
        other.follows_link()
    unknown, known = (
        (answer.status_code, answer.text.replace(reference, ""))
        for reference in (UNKNOWN_REFERENCE, foreign)
        for answer in [other.browser.client.get(page.format(reference))]
    )
    assert unknown == known
    assert unknown[0] == 404
