"""What holds for every address there is, also for those that come later (SECURITY S6, S7, C1)."""

import pytest
from flask import Flask

from portal.closure.journey import Stage
from portal.services import Services
from tests.cast import COINS, MANY_IDENTITIES
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.web.conftest import MakeWalk
from tests.web.routes import fill, rules
from tests.web.rows import every_row
from tests.web.steps import come_to
from tests.work import work


@pytest.fixture
def in_mid_journey(walk: MakeWalk) -> Browser:
    come_to(person := walk(MANY_IDENTITIES), Stage.CONFIRM)
    return person.browser


@pytest.fixture
def owner(walk: MakeWalk) -> Browser:
    (person := walk(COINS)).submits()
    work(person.services)
    return person.browser


@pytest.mark.parametrize("who", ["browser", "in_mid_journey", "owner"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_looking_changes_nothing(
    app: Flask, services: Services, who: str, method: str, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue(who)
    known = {"reference": browser.path.rsplit("/", 1)[-1]} if who == "owner" else {}
    before = every_row(services)
    for rule in rules(app, method):
        answer = browser.client.open(fill(rule, **known), method=method)
        assert answer.status_code < 500
    assert every_row(services) == before


def test_the_private_link_only_lets_a_browser_in(
    owner: Browser, app: Flask, services: Services, gateway: FakeGateway
) -> None:
    before = every_row(services)
    stranger = Browser(app)
    stranger.open(gateway.last_link(COINS.phone))
    after = every_row(services)
    assert {name for name in after if after[name] != before[name]} == {"sign_in"}


@pytest.mark.parametrize("who", ["in_mid_journey", "owner"])
def test_no_form_is_taken_without_its_token(
    app: Flask, services: Services, who: str, request: pytest.FixtureRequest
) -> None:
    browser: Browser = request.getfixturevalue(who)
    known = {"reference": browser.path.rsplit("/", 1)[-1]} if who == "owner" else {}
    before = every_row(services)
    for rule in rules(app, "POST"):
        answer = browser.client.post(fill(rule, **known), data={"agree": "y", "owner": "y"})
        assert answer.status_code == 403
    assert every_row(services) == before


def test_a_signed_in_browser_meets_the_checks_on_every_page(
    app: Flask, in_mid_journey: Browser
) -> None:
    """Title, one h1, unique ids, headers, forms with an action: the browser looks at each."""
    for rule in rules(app, "GET"):
        if in_mid_journey.client.get(fill(rule)).mimetype == "text/html":
            in_mid_journey.open(fill(rule))
