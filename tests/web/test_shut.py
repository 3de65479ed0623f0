"""A restored backup: no page, but how the portal is can be asked."""

import pytest

from portal.services import Services
from tests.client import Browser


@pytest.fixture
def shut(services: Services) -> None:
    services.witness.erased.add('{"reference": "ZX-22222-22222"}')


@pytest.mark.usefixtures("shut")
@pytest.mark.parametrize("page", ["/", "/close/notice", "/track", "/receipts/check"])
def test_no_page_is_served_from_a_backup_that_was_not_reconciled(
    browser: Browser, page: str
) -> None:
    browser.open(page)
    assert browser.response.status_code == 503
    assert browser.response.headers["Retry-After"] == "60"


@pytest.mark.usefixtures("shut")
def test_health_says_why(browser: Browser) -> None:
    assert browser.client.get("/healthz").status_code == 200
    answer = browser.client.get("/readyz")
    assert answer.status_code == 503
    assert "reconciled" in answer.text


def test_otherwise_pages_are_served(browser: Browser) -> None:
    browser.open("/track")
    assert browser.response.status_code == 200
