"""What every answer carries, error pages too (ASVS 3.4; SECURITY S6 to S9)."""

from collections.abc import Callable
from urllib.parse import urlsplit
from wsgiref.headers import Headers

from flask import Flask, Response, abort, current_app, request

from portal.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_IN_PRODUCTION = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
_SAFE = ("GET", "HEAD", "OPTIONS")


def register(app: Flask) -> None:
    app.before_request(refuse_foreign_posts)
    app.after_request(add_headers)


def refuse_foreign_posts() -> None:
    """A browser that says the form came from another site is believed (63B 5.1)."""
    if request.method in _SAFE:
        return
    if not is_from_here():
        abort(403)
    if any(len(values) > 1 for values in request.form.listvalues()):
        # A doubled field means two different things to two readers (ASVS 15.3.7).
        abort(400)


def is_from_here() -> bool:
    """Whether the browser says, or doesn't deny, that the request came from one of our pages."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in ("same-origin", "none")
    # Older browsers. Under no-referrer they say null of our own forms too: the token decides.
    origin = request.headers.get("Origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.host


def of_static_files(settings: Settings) -> Callable[[Headers, str, str], None]:
    """For WhiteNoise, which answers before the application does."""

    def add(headers: Headers, _path: str, _url: str) -> None:
        for name, value in _standing(settings).items():
            headers[name] = value

    return add


def add_headers(response: Response) -> Response:
    """Nothing is cached unless its view said so."""
    response.headers.update(_standing(current_app.extensions["services"].settings))
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def _standing(settings: Settings) -> dict[str, str]:
    return _ALWAYS | (_IN_PRODUCTION if settings.production else {})
