"""Pages about the portal itself."""

from dataclasses import replace

import pytest
from flask import Flask

from portal.services import Services
from tests.client import Browser
from tests.web.conftest import MakeApp
from tests.web.production import PRODUCTION


@pytest.mark.parametrize("path", ["/", "/cookies", "/accessibility", "/close/lost-phone"])
def test_they_need_no_cookie(app: Flask, path: str) -> None:
    answer = app.test_client().get(path)
    assert "Set-Cookie" not in answer.headers
    assert "Vary" not in answer.headers


def test_the_cookie_page_names_the_cookie_there_is(
    make_app: MakeApp, services: Services, browser: Browser
) -> None:
    browser.open("/cookies")
    assert "（portal）" in browser.text
    strict = Browser(make_app(replace(services, settings=PRODUCTION)))
    strict.open("/cookies")
    assert "（__Host-portal）" in strict.text


def test_the_accessibility_page_says_how_to_get_help(browser: Browser) -> None:
    browser.open("/accessibility")
    assert browser.heading == "无障碍说明"
    assert "400-885-9898" in browser.text


@pytest.mark.parametrize("path", ["/", "/cookies", "/nowhere", "/track", "/notice"])
def test_help_and_the_notice_are_at_the_foot_of_every_page(browser: Browser, path: str) -> None:
    browser.open(path)
    assert "需要帮助？请拨打客服热线 400-885-9898（仅限工作时间）" in browser.text
    footer = browser.page.links[-6:]
    pages = ["/notice", "/notices", "/help", "/cookies", "/accessibility"]
    assert footer == ["tel:4008859898", *pages]
