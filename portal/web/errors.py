"""What went wrong, in words: the one place where errors become pages."""

import secrets

import structlog
from flask import Flask, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from portal.accounts.system import AccountSystemUnavailableError
from portal.notice.register import UnknownVersion
from portal.services import Services
from portal.web.guards import this_journey
from portal.web.notice import versions

log = structlog.get_logger()


def register(app: Flask) -> None:
    services: Services = app.extensions["services"]

    def unknown_version(_error: UnknownVersion) -> tuple[str, int]:
        return render_template("errors/unknown_notice.html", versions=versions(services)), 404

    def unavailable(error: Exception) -> tuple[str, int, dict[str, str]]:
        log.warning("unavailable", error=type(error).__name__, endpoint=request.endpoint)
        page = render_template("errors/503.html", safety=_safety(None))
        return page, 503, {"Retry-After": "60"}

    def failed(error: InternalServerError) -> tuple[str, int]:
        """One line for the operator, its reference for the person; never the error's text."""
        reference = secrets.token_hex(4).upper()
        cause = error.original_exception or error
        log.error(
            "request failed",
            reference=reference,
            error=type(cause).__name__,
            endpoint=request.endpoint,
            exc_info=cause,
        )
        page = render_template("errors/500.html", reference=reference, safety=_safety(None))
        return page, 500

    def refused(error: HTTPException) -> tuple[str, int]:
        status = error.code or 500
        name = status if status in (400, 403, 404, 405, 413) else 400
        return render_template(f"errors/{name}.html", safety=_safety(services)), status

    def expired(_error: CSRFError) -> tuple[str, int]:
        """A form from an old page or a foreign one: nothing was done."""
        reload_url = request.path if request.endpoint else "/"
        page = render_template("errors/csrf.html", reload_url=reload_url, safety=_safety(services))
        return page, 403

    app.register_error_handler(UnknownVersion, unknown_version)
    app.register_error_handler(AccountSystemUnavailableError, unavailable)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(InternalServerError, failed)
    app.register_error_handler(HTTPException, refused)


def _safety(services: Services | None) -> str | None:
    """Whether the request of somebody in mid-journey is safe; None where it is not known."""
    if services is None or "journey" not in session:
        return None
    if this_journey(services):
        return _("您的申请尚未提交，已确认的步骤会保留。")
    return None
