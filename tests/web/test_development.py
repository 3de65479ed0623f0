"""The SMS outbox of a development machine."""

from dataclasses import replace
from pathlib import Path

import pytest

from portal.messages.gateways.development import DevelopmentGateway
from portal.services import Services
from tests.client import Browser
from tests.fakes import FakeClock
from tests.web.conftest import MakeApp
from tests.web.production import PRODUCTION


@pytest.fixture
def outbox(tmp_path: Path, clock: FakeClock) -> DevelopmentGateway:
    return DevelopmentGateway(tmp_path / "outbox.jsonl", clock)


@pytest.fixture
def with_outbox(services: Services, outbox: DevelopmentGateway) -> Services:
    return replace(services, gateway=outbox)


def test_it_shows_what_was_sent_the_newest_first(
    make_app: MakeApp, with_outbox: Services, outbox: DevelopmentGateway
) -> None:
    outbox.send("+8619900000001", "验证码 111111", "1")
    outbox.send("+8619900000002", "见 http://localhost/p/abc", "2")
    browser = Browser(make_app(with_outbox))
    browser.open("/dev/outbox")
    assert browser.text.index("+8619900000002") < browser.text.index("验证码 111111")
    assert "http://localhost/p/abc" in browser.page.links


def test_it_says_when_there_is_nothing(make_app: MakeApp, with_outbox: Services) -> None:
    browser = Browser(make_app(with_outbox))
    browser.open("/dev/outbox")
    assert "还没有短信。" in browser.text


def test_production_has_no_such_page(make_app: MakeApp, with_outbox: Services) -> None:
    app = make_app(replace(with_outbox, settings=PRODUCTION))
    assert not [rule for rule in app.url_map.iter_rules() if "dev" in rule.rule]
    assert app.test_client().get("/dev/outbox").status_code == 404


def test_a_real_gateway_has_nothing_to_show(browser: Browser) -> None:
    browser.open("/dev/outbox")
    assert browser.response.status_code == 404
