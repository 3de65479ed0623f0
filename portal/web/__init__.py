"""The pages: a view is guard, form, one call into a flow, answer. No rule and no SQL here."""

from datetime import timedelta

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

from portal.services import Services
from portal.settings import ROOT
from portal.web import (
    development,
    download,
    errors,
    handover,
    headers,
    health,
    journey,
    languages,
    notice,
    progress,
    receipts,
    requests,
    shut,
    site,
    staff,
    stop,
    successors,
    visitor,
    words,
)
from portal.web import help as help_pages
from portal.web.public_pages import PublicPages
from portal.web.requests import Requests


def register(app: Flask, services: Services) -> None:
    """Give the application its pages."""
    settings = services.settings
    app.extensions["services"] = services
    app.config.update(
        # Whatever the environment says: errors become pages, never tracebacks (ASVS 13.4.2).
        DEBUG=False,
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-portal" if settings.production else "portal",
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=256 * 1024,
        MAX_FORM_PARTS=100,
        WTF_CSRF_TIME_LIMIT=None,
        # Browsers send no Referer from these pages; headers.refuse_foreign_posts looks instead.
        WTF_CSRF_SSL_STRICT=False,
        BABEL_DEFAULT_TIMEZONE="Asia/Shanghai",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
    )
    languages.register(app)
    CSRFProtect(app)
    visitor.register(app)
    app.url_map.converters["reference"] = progress.ReferenceConverter
    app.url_map.converters["receipt"] = receipts.ReceiptConverter
    app.url_map.converters["case"] = help_pages.CaseConverter
    app.url_map.converters["topic"] = help_pages.TopicConverter
    for blueprint in (
        health.pages,
        site.pages,
        notice.pages,
        journey.pages,
        progress.pages,
        download.pages,
        receipts.pages,
        help_pages.pages,
        handover.pages,
        successors.pages,
        stop.pages,
        staff.pages,
    ):
        app.register_blueprint(blueprint)
    if not settings.production:
        app.register_blueprint(development.pages)
    app.jinja_env.globals.update(hotline_number=settings.hotline, base_url=settings.base_url)
    words.register(app)
    staff.words.register(app)
    errors.register(app)
    shut.register(app, services)
    headers.register(app)
    requests.register(app)
    _stand_before(app, services)


def _stand_before(app: Flask, services: Services) -> None:
    """What comes before the application: proxies' headers, language, static files, public pages."""
    public_pages = PublicPages(app.wsgi_app, services.clock)
    app.extensions["public_pages"] = public_pages
    static = WhiteNoise(
        public_pages,
        root=str(ROOT / "static"),
        prefix="static/",
        max_age=3600,
        allow_all_origins=False,
        add_headers_function=headers.of_static_files(services.settings),
    )
    proxies = services.settings.proxies
    in_language = languages.LanguageByPath(static)
    before = ProxyFix(in_language, proxies, proxies) if proxies else in_language
    app.wsgi_app = Requests(before, behind_proxies=proxies > 0)  # type: ignore[method-assign]
