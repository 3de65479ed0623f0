"""What went wrong, in words: the one place where errors become pages.

What the operator has to know of it goes into the line that ``requests`` writes.
"""

import secrets

from flask import Flask, render_template, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionError
from structlog.contextvars import bind_contextvars
from werkzeug.exceptions import HTTPException, InternalServerError, MethodNotAllowed

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure.gate import NotReconciledError
from portal.notice.register import UnknownVersion
from portal.services import Services
from portal.web.guards import this_journey
from portal.web.headers import is_from_here
from portal.web.here import this_page
from portal.web.notice import versions

_WRITTEN_ON = ("help.new", "help.say", "staff.help.answer")
_GIVEN_BACK = ("text", "reach", "contact", "number", "drawn")
_AWAY = (
    AccountSystemUnavailableError,
    OperationalError,
    NoConnectionError,
    NotReconciledError,
)


def register(app: Flask) -> None:
    services: Services = app.extensions["services"]

    def unknown_version(_error: UnknownVersion) -> tuple[str, int]:
        return render_template(
            "errors/unknown_notice.html", versions=versions(services, services.clock())
        ), 404

    def unavailable(error: Exception) -> tuple[str, int, dict[str, str]]:
        bind_contextvars(error=type(error).__name__)
        page = render_template("errors/503.html", reload_url=this_page(), safety=_safety(services))
        return page, 503, {"Retry-After": "60"}

    def failed(error: InternalServerError) -> tuple[str, int]:
        """One line for the operator, its reference for the person; never the error's text."""
        reference = secrets.token_hex(4).upper()
        bind_contextvars(reference=reference, exc_info=error.original_exception or error)
        page = render_template("errors/500.html", reference=reference, safety=_safety(services))
        return page, 500

    def refused(error: HTTPException) -> tuple[str, int, dict[str, str]]:
        status = error.code or 500
        name = status if status in (400, 403, 404, 405, 413) else 400
        page = render_template(f"errors/{name}.html", safety=_safety(services))
        return page, status, _allowed(error)

    def expired(_error: CSRFError) -> tuple[str, int]:
        """A form from an old page or a foreign one: nothing was done."""
        page = render_template(
            "errors/csrf.html", reload_url=this_page(), safety=_safety(services), typed=_typed()
        )
        return page, 403

    app.register_error_handler(UnknownVersion, unknown_version)
    for away in _AWAY:
        app.register_error_handler(away, unavailable)
    app.register_error_handler(CSRFError, expired)
    app.register_error_handler(InternalServerError, failed)
    app.register_error_handler(HTTPException, refused)
    # Flask's own line would repeat the address and the error's text.
    app.log_exception = lambda exc_info: None  # type: ignore[method-assign]


def _allowed(error: HTTPException) -> dict[str, str]:
    """Which methods the address does take (RFC 9110, 15.5.6)."""
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        return {"Allow": ", ".join(sorted(error.valid_methods))}
    return {}


def _typed() -> dict[str, str]:
    """What somebody wrote to the help desk, or it to them: given back in the page, kept nowhere."""
    if request.endpoint not in _WRITTEN_ON or not is_from_here() or not request.form.get("text"):
        return {}
    return {name: text for name, text in request.form.items() if name in _GIVEN_BACK}


def _safety(services: Services) -> str | None:
    """Whether the request of somebody in mid-journey is safe; None for everybody else."""
    if "journey" not in session:
        return None
    try:
        journey = this_journey(services)
    except SQLAlchemyError:
        return _("暂时无法确认您刚才的操作是否完成。恢复后请查询进度；同一账号的申请不会重复受理。")
    return _("您的申请尚未提交，已确认的步骤会保留。") if journey else None
