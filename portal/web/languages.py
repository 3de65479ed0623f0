"""The language of a page is in its path (docs/decisions/0010-english-by-path.md)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from babel.support import NullTranslations
from flask import Flask, has_request_context, request
from flask_babel import Babel, Domain

from portal.language import Language, translations
from portal.web.here import this_page

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_KEY = "portal.language"
_ENGLISH = Language.ENGLISH.prefix
_FOR_MACHINES = {"metrics", "healthz", "readyz"}
"""What nobody reads has no address in another language."""


class LanguageByPath:
    """Takes the language off the path: what stands behind it knows ``/en/track`` as ``/track``.

    The prefix becomes the root of the application, so that every address it makes has it too.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app

    def __call__(
        self, environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        rest = path.removeprefix(_ENGLISH)
        if f"{path}/".startswith(f"{_ENGLISH}/") and not _is_for_machines(rest):
            root = environ.get("SCRIPT_NAME", "") + _ENGLISH
            english = {"SCRIPT_NAME": root, "PATH_INFO": rest or "/", _KEY: Language.ENGLISH}
            environ = {**environ, **english}
        return self._app(environ, start_response)


def register(app: Flask) -> None:
    babel = Babel(app, locale_selector=lambda: language().locale)
    babel.domain_instance = _Catalogues()
    app.jinja_env.globals.update(language=language, addresses=addresses)


class _Catalogues(Domain):  # type: ignore[misc]
    """Flask-Babel reads compiled catalogues only."""

    def get_translations(self) -> NullTranslations:
        return translations(language())


def language() -> Language:
    """The language of this request's page."""
    if not has_request_context():
        return Language.CHINESE
    return request.environ.get(_KEY, Language.CHINESE)


def addresses() -> dict[Language, str]:
    """Where this page is in each language; nowhere else if it has only the one."""
    page = this_page().removeprefix(language().prefix)
    return {} if _is_for_machines(page) else {one: one.prefix + page for one in Language}


def _is_for_machines(path: str) -> bool:
    return path.lstrip("/").partition("/")[0] in _FOR_MACHINES
