"""Public pages from memory: rendered once by the application, then answered before it.

They are the same bytes for everybody, so nothing of a request but its path, its method and its
If-None-Match is looked at, and a kept page is as fast as the server is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.http import parse_etags

from portal.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BODY_HEADERS = {"content-length", "content-type"}


@dataclass(frozen=True)
class _Kept:
    body: bytes
    etag: str
    headers: list[tuple[str, str]]
    until: datetime | None

    @property
    def without_body(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS]


class PublicPages:
    """Stands before the application and answers what it was given to keep."""

    def __init__(self, app: "WSGIApplication", clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    def keep(self, path: str, response: Response, until: datetime | None) -> None:
        """Answer this path with this finished response, up to ``until`` (None: for good).

        The response must have a strong ETag and depend on nothing but its path and the time.
        """
        etag, _ = response.get_etag()
        body = response.get_data()
        self._kept[path] = _Kept(body, etag or "", list(response.headers), until)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        kept = self._kept.get(environ["PATH_INFO"])
        method = environ["REQUEST_METHOD"]
        if kept is None or method not in ("GET", "HEAD") or self._is_over(kept):
            return self._app(environ, start_response)
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and parse_etags(asked).contains_weak(kept.etag):
            start_response("304 NOT MODIFIED", kept.without_body)
            return []
        start_response("200 OK", kept.headers)
        return [kept.body] if method == "GET" else []

    def _is_over(self, kept: _Kept) -> bool:
        return kept.until is not None and kept.until <= self._clock()
