"""The public record of the notice: the same bytes for everybody, kept in memory."""

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
    version = services.notices.in_force(services.clock()).version
    return _page(services, services.notices.get(version))


@pages.get("/notices/<version>")
@with_services
def version(services: Services, version: str) -> Answer:
    """One version for ever. Raises UnknownVersion, which has its own page."""
    return _page(services, services.notices.get(version))


@pages.get("/notices/<version>.md")
@with_services
def source(services: Services, version: str) -> Answer:
    """The bytes as the legal team gave them."""
    return _public(services.notices.get(version).notice.source, "text/markdown")


@pages.get("/notices")
@with_services
def history(services: Services) -> Answer:
    page = render_template("pages/notices.html", versions=versions(services))
    return _public(page.encode(), "text/html")


@pages.after_request
def keep(response: Response) -> Response:
    """From now on this page is answered from memory, until a version comes into force."""
    if response.status_code == 200 and request.method == "GET":
        services: Services = current_app.extensions["services"]
        until = services.notices.next_change(services.clock())
        current_app.extensions["public_pages"].keep(request.path, add_headers(response), until)
    response.make_conditional(request)
    return response


def versions(services: Services) -> list[tuple[Published, Status]]:
    """Every published version with what it is now, the newest first."""
    now = services.clock()
    return [
        (one, services.notices.status(one.version, now)) for one in reversed(services.notices.all)
    ]


def _page(services: Services, published: Published) -> Response:
    status = services.notices.status(published.version, services.clock())
    page = render_template("pages/notice.html", published=published, status=status)
    return _public(page.encode(), "text/html")


def _public(body: bytes, mimetype: str) -> Response:
    """For everybody and for caches; nothing of the visitor in it, no cookie."""
    response = Response(body, mimetype=mimetype)
    response.set_etag(sha256(body).hexdigest())
    response.headers["Cache-Control"] = _CACHE_CONTROL
    return response
