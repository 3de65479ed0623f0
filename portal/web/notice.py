"""The public record: the same bytes for everybody, rendered once, kept in memory."""

from hashlib import sha256

from flask import Blueprint, Response, current_app, render_template, request

from portal.notice.register import Published, Status
from portal.services import Services
from portal.web.guards import Answer, with_services

pages = Blueprint("notice", __name__)
_CACHE_CONTROL = "public, max-age=300"


class Memory:
    """Rendered pages by what they were rendered from; a page never changes under its key."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, ...], tuple[bytes, str]] = {}

    def page(self, template: str, key: tuple[str, ...], **context: object) -> Response:
        """Answer the page with a strong ETag; 304 to whoever has it already."""
        if key not in self._kept:
            body = render_template(template, **context).encode()
            self._kept[key] = (body, sha256(body).hexdigest())
        body, etag = self._kept[key]
        return public(Response(body, mimetype="text/html"), etag)


def public(response: Response, etag: str) -> Response:
    """For everybody and for caches; nothing of the visitor in it, no cookie."""
    response.set_etag(etag)
    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.make_conditional(request)
    return response


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
    notice = services.notices.get(version).notice
    response = Response(notice.source, mimetype="text/markdown")
    return public(response, notice.source_sha256)


@pages.get("/notices")
@with_services
def history(services: Services) -> Answer:
    statuses = versions(services)
    key = ("history", *(f"{one.version} {status}" for one, status in statuses))
    return _memory().page("pages/notices.html", key, versions=statuses)


def versions(services: Services) -> list[tuple[Published, Status]]:
    """Every published version with what it is now, the newest first."""
    now = services.clock()
    return [
        (one, services.notices.status(one.version, now)) for one in reversed(services.notices.all)
    ]


def _page(services: Services, published: Published) -> Response:
    status = services.notices.status(published.version, services.clock())
    key = ("notice", published.version, status)
    return _memory().page("pages/notice.html", key, published=published, status=status)


def _memory() -> Memory:
    memory: Memory = current_app.extensions["notice_pages"]
    return memory
