"""The public record of the notice: the same bytes for everybody, kept in memory."""

from datetime import datetime
from hashlib import sha256

from flask import Blueprint, Response, current_app, render_template, request

from portal.notice.register import Published, Status
from portal.services import Services
from portal.web.guards import Answer, with_services
from portal.web.headers import add_headers

pages = Blueprint("notice", __name__)
_CACHE_CONTROL = "public, max-age=300"


@pages.get("/notice")
@with_services
def current(services: Services) -> Answer:
    """The version in force."""
    now = services.clock()
    version = services.notices.in_force(now).version
    return _page(services, services.notices.get(version), now)


@pages.get("/notices/<version>")
@with_services
def version(services: Services, version: str) -> Answer:
    """One version for ever. Raises UnknownVersion, which has its own page."""
    return _page(services, services.notices.get(version), services.clock())


@pages.get("/notices/<version>.md")
@with_services
def source(services: Services, version: str) -> Answer:
    """The bytes as the legal team gave them."""
    source = services.notices.get(version).notice.source
    return _public(services, source, "text/markdown", services.clock())


@pages.get("/notices")
@with_services
def history(services: Services) -> Answer:
    now = services.clock()
    page = render_template("pages/notices.html", versions=versions(services, now))
    return _public(services, page.encode(), "text/html", now)


def versions(services: Services, now: datetime) -> list[tuple[Published, Status]]:
    """Every published version with what it is now, the newest first."""
    register = services.notices
    return [(one, register.status(one.version, now)) for one in reversed(register.all)]


def _page(services: Services, published: Published, now: datetime) -> Response:
    status = services.notices.status(published.version, now)
    page = render_template("pages/notice.html", published=published, status=status)
    return _public(services, page.encode(), "text/html", now)


def _public(services: Services, body: bytes, mimetype: str, now: datetime) -> Response:
    """For everybody and for caches; nothing of the visitor in it, no cookie.

    What was true ``now`` is answered from memory until a version comes into force.
    """
    response = Response(body, mimetype=mimetype)
    response.set_etag(sha256(body).hexdigest())
    response.headers["Cache-Control"] = _CACHE_CONTROL
    until = services.notices.next_change(now)
    current_app.extensions["public_pages"].keep(request.path, add_headers(response), until)
    response.make_conditional(request)
    return response
