"""How a person fills in the pages of the help desk."""

import re

from tests.client import Browser

TEXT = "手机丢了，号码已经停用。"
WISH = {"number": "19900000001", "text": TEXT, "reach": "mail", "contact": "me@example.com"}
_SECRET = re.compile(r"(?:[2-9A-Z]{4}-){6}[2-9A-Z]{4}")


def asks(browser: Browser, topic: str = "lost-phone", **changed: str) -> str:
    """Fill in and send the form; answers the path of the case."""
    browser.open(f"/help/new/{topic}")
    browser.send(**{**WISH, **changed})
    return browser.path


def secret_on(browser: Browser) -> str:
    """The secret that the page shows."""
    return _SECRET.findall(browser.response.text)[0]


def shows_a_secret(browser: Browser) -> bool:
    return _SECRET.search(browser.response.text) is not None


def tracks(browser: Browser, number: str, secret: str) -> None:
    browser.open("/help/track")
    browser.send(number=number, secret=secret)
