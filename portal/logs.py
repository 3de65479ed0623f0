"""Logs: one line of JSON an event, and never what a person wrote (ASVS 16.2.5, 16.4.1).

An error is told by its type and the places it passed, without its text, which may repeat input;
whatever still looks like a phone number or a token is blotted out.
"""

import re
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

Event = MutableMapping[str, Any]
_PHONE = r"(?<![0-9A-Za-z])(?:(?:\+|00)?86[ -]?)?1(?:[ -]?[0-9]){10}(?![0-9])"
_CODE = r"(?<![0-9A-Za-z])[0-9]{6}(?![0-9A-Za-z])"
_TOKEN = r"(?<=/p/)[\w-]+"  # noqa: S105 - a pattern
_SECRETS = re.compile("|".join((_PHONE, _CODE, _TOKEN)))
_FRAMES = 8


def configure() -> None:
    """Send every log line of the portal to standard error, in this form."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _places_of_error,
            redact,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


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
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        event["places"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event
