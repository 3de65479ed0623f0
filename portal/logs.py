"""Logs: one line of JSON an event, and never what a person wrote (ASVS 16.2.5, 16.4.1).

An error is told by its type and the places it passed, without its text, which may repeat input;
whatever still looks like a phone number or a token is blotted out. What the libraries log (RQ's
worker, the pool of SQLAlchemy) goes the same way. Each line carries what its work is about: the
request, the task, the closure.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter

Event = MutableMapping[str, Any]
_PHONE = r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[ -]?)?1(?:[ -]?[0-9]){10}(?![0-9])"
_CODE = r"(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])"
_TOKEN = r"(?:(?<=/p/)|(?<=/stop/))[\w-]+"  # noqa: S105 - a pattern
_SECRETS = re.compile("|".join((_PHONE, _CODE, _TOKEN)))
_FRAMES = 8


class _Handler(logging.StreamHandler[Any]):
    """Ours, to be told from those of whoever else listens."""


def configure() -> None:
    """Send every log line of the portal and its libraries to standard error, in this form."""
    structlog.configure(
        processors=[*_PROCESSORS, _RENDERER],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = _Handler(sys.stderr)
    without_meta = ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        ProcessorFormatter(
            foreign_pre_chain=[_first_line, *_PROCESSORS], processors=[without_meta, _RENDERER]
        )
    )
    root = logging.getLogger()
    others = [one for one in root.handlers if not isinstance(one, _Handler)]
    root.handlers = [*others, handler]


def redact(_logger: object, _method: str, event: Event) -> Event:
    """Blot out phone numbers, codes and link tokens in every text of the event."""
    return {key: value if key == "timestamp" else _blot(value) for key, value in event.items()}


def _blot(value: object) -> object:
    match value:
        case str():
            return _SECRETS.sub("[…]", value)
        case list() | tuple():
            return [_blot(one) for one in value]
        case dict():
            return {key: _blot(one) for key, one in value.items()}
    return value


def _places_of_error(_logger: object, _method: str, event: Event) -> Event:
    error = event.pop("exc_info", None)
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        event.setdefault("error", type(error).__name__)
    return event


def _first_line(_logger: object, _method: str, event: Event) -> Event:
    """Libraries append tracebacks to their message, and with them the text of the error."""
    event["event"] = event["event"].partition("\n")[0]
    return event


_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    _places_of_error,
    redact,
]
_RENDERER = structlog.processors.JSONRenderer(ensure_ascii=False)
