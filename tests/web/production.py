"""The portal as production runs it: behind a proxy that speaks HTTPS with the browser."""

from flask import Flask

from portal.settings import Settings
from tests.client import Browser

PRODUCTION = Settings(
    production=True,
    secret_key="a secret of thirty-two characters",
    master_key=bytes(range(32)),
    host="close.example",
    base_url="https://close.example",
    proxies=1,
)


def over_https(app: Flask) -> Browser:
    """A browser whose requests come through the proxy; like real ones it names no referrer."""
    browser = Browser(app)
    browser.client.environ_base |= {
        "HTTP_X_FORWARDED_PROTO": "https",
        "HTTP_X_FORWARDED_FOR": "192.0.2.7",
        "HTTP_HOST": "close.example",
    }
    return browser
