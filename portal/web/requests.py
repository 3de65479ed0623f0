"""What is told of a request: a number that all its lines carry, and one line when it matters."""

import re
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from flask import Flask, request
from structlog.contextvars import bind_contextvars, clear_contextvars

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_NUMBER = re.compile(r"[A-Za-z0-9-]{8,64}")
_SLOW_MS = 1000
_SAFE = ("GET", "HEAD", "OPTIONS")

log = structlog.get_logger()


def register(app: Flask) -> None:
    app.before_request(_name)


def _name() -> None:
    """The name of the view: a path may hold somebody's private link."""
    bind_contextvars(endpoint=request.endpoint)


class Requests:
    """Stands before everything else. A number given by somebody else is taken from proxies only."""

    def __init__(self, app: "WSGIApplication", *, behind_proxies: bool) -> None:
        self._app = app
        self._behind_proxies = behind_proxies

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        begun = time.monotonic()
        number = self._given(environ) or _new()
        statuses: list[str] = []

        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            statuses.append(status)
            return start_response(status, [*headers, ("X-Request-ID", number)], *error)

        clear_contextvars()
        bind_contextvars(request=number)
        try:
            answer = self._app(environ, start)
            _tell(environ["REQUEST_METHOD"], int(statuses[-1][:3]), begun)
        finally:
            # An error that was told keeps its whole stack alive.
            clear_contextvars()
        return answer

    def _given(self, environ: "WSGIEnvironment") -> str | None:
        given = environ.get("HTTP_X_REQUEST_ID", "") if self._behind_proxies else ""
        return given if _NUMBER.fullmatch(given) else None


def _new() -> str:
    """Begins with a letter, so that nobody takes its digits for a phone number."""
    return f"r{uuid4().hex[:15]}"


def _tell(method: str, status: int, begun: float) -> None:
    """Whatever changed something, failed, or was slow."""
    took = round((time.monotonic() - begun) * 1000)
    if method in _SAFE and status < 400 and took <= _SLOW_MS:
        return
    event = {500: "request failed", 503: "unavailable"}.get(status, "request")
    level = {500: 40, 503: 30}.get(status, 20)
    log.log(level, event, method=method, status=status, ms=took)
