"""The public record of the notice: the same bytes for everybody, kept in memory."""

from datetime import date, datetime
from hashlib import sha256

from flask import (
    Blueprint,
    Response,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)

from portal.notice.comparing.comparison import compare
from portal.notice.comparing.page import render_changes
from portal.notice.record import as_json, feed
from portal.notice.register import Published, Status, UnknownVersion
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


@pages.get("/notices/<version>.json")
@with_services
def structured(services: Services, version: str) -> Answer:
    """The version in structure, with its digests."""
    record = as_json(services.notices.get(version))
    return _public(services, record, "application/json", services.clock())


@pages.get("/notices/<old>...<new>")
@with_services
def changes(services: Services, old: str, new: str) -> Answer:
    """What changed between two versions."""
    before, after = services.notices.get(old), services.notices.get(new)
    comparison = compare(before.notice, after.notice)
    page = render_template(
        "pages/notice_changes.html",
        old=before,
        new=after,
        comparison=comparison,
        changes=render_changes(comparison, request.script_root),
    )
    return _public(services, page.encode(), "text/html", services.clock())


@pages.get("/notices/on/<day>")
@with_services
def on(services: Services, day: str) -> Answer:
    """What applied on a day: the permanent page of that version."""
    try:
        applied = services.notices.on(date.fromisoformat(day))
    except ValueError:
        raise UnknownVersion(day) from None
    answer = redirect(url_for("notice.version", version=applied.version))
    answer.headers["Cache-Control"] = _CACHE_CONTROL
    return answer


@pages.get("/notices/feed.atom")
@with_services
def atom(services: Services) -> Answer:
    """All versions, for whoever wants to be told of a new one."""
    body = feed(services.notices, services.settings.base_url)
    return _public(services, body, "application/atom+xml", services.clock())


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
    page = render_template(
        "pages/notice.html",
        published=published,
        status=status,
        scheduled=[one for one, what in versions(services, now) if what is Status.SCHEDULED],
        previous=services.notices.previous(published.version),
    )
    return _public(services, page.encode(), "text/html", now)


def _public(services: Services, body: bytes, mimetype: str, now: datetime) -> Response:
    """For everybody and for caches; nothing of the visitor in it, no cookie.

    What was true ``now`` is answered from memory until a version comes into force.
    """
    response = Response(body, mimetype=mimetype)
    response.set_etag(sha256(body).hexdigest())
    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.vary.add("Accept-Encoding")
    until = services.notices.next_change(now)
    path = request.script_root + request.path
    current_app.extensions["public_pages"].keep(path, add_headers(response), until)
    response.make_conditional(request)
    return response
