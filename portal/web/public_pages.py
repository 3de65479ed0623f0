"""Public pages from memory: rendered once by the application, then answered before it.

They are the same bytes for everybody, so nothing of a request is looked at but its path, its
method and which copy it has or can read, and a kept page is as fast as the server is.
"""

import gzip
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask import Response
from werkzeug.http import parse_accept_header, parse_etags

from portal.clock import Clock

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BODY_HEADERS = {"content-length", "content-type", "content-encoding"}


@dataclass(frozen=True)
class _Copy:
    """One encoding of a page; each has an ETag of its own (RFC 9110, 8.8.3.3)."""

    body: bytes
    etag: str
    headers: list[tuple[str, str]]

    @property
    def without_body(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS]


@dataclass(frozen=True)
class _Kept:
    plain: _Copy
    packed: _Copy
    until: datetime | None

    def for_request(self, environ: "WSGIEnvironment") -> _Copy:
        readable = environ.get("HTTP_ACCEPT_ENCODING")
        packed = readable and parse_accept_header(readable)["gzip"] > 0
        return self.packed if packed else self.plain


class PublicPages:
    """Stands before the application and answers what it was given to keep."""

    def __init__(self, app: "WSGIApplication", clock: Clock) -> None:
        self._app = app
        self._clock = clock
        self._kept: dict[str, _Kept] = {}

    def keep(self, path: str, response: Response, until: datetime | None) -> None:
        """Answer this path with this finished response, up to ``until`` (None: for good).

        The path begins with the root, which says the language. The response must have a strong
        ETag, vary by Accept-Encoding, and depend on nothing but its path and the time. There must
        be a finite number of such paths.
        """
        self._kept[path] = _Kept(_plain(response), _packed(response), until)

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        kept = self._kept.get(environ.get("SCRIPT_NAME", "") + environ["PATH_INFO"])
        method = environ["REQUEST_METHOD"]
        if kept is None or method not in ("GET", "HEAD") or self._is_over(kept):
            return self._app(environ, start_response)
        copy = kept.for_request(environ)
        asked = environ.get("HTTP_IF_NONE_MATCH")
        if asked and parse_etags(asked).contains_weak(copy.etag):
            start_response("304 NOT MODIFIED", copy.without_body)
            return []
        start_response("200 OK", copy.headers)
        return [copy.body] if method == "GET" else []

    def _is_over(self, kept: _Kept) -> bool:
        return kept.until is not None and kept.until <= self._clock()


def _plain(response: Response) -> _Copy:
    etag, _ = response.get_etag()
    return _Copy(response.get_data(), etag or "", list(response.headers))


def _packed(response: Response) -> _Copy:
    plain = _plain(response)
    # Without the time in it, the same page is the same bytes wherever it was packed.
    body, etag = gzip.compress(plain.body, mtime=0), f"{plain.etag}-gzip"
    changed = {
        "Content-Encoding": "gzip",
        "Content-Length": str(len(body)),
        "ETag": f'"{etag}"',
    }
    headers = [(name, value) for name, value in plain.headers if name not in changed]
    return _Copy(body, etag, [*headers, *changed.items()])
