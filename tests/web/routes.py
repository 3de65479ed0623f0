"""Every address of the application, with something in the place of each variable."""

import re

from flask import Flask
from werkzeug.routing import Rule

UNKNOWN_REFERENCE = "ZX-22222-22222"
UNKNOWN_CASE = "BZ-22222-22222"
UNKNOWN_TOKEN = "A" * 22
_VALUES = {
    "version": "2025V1",
    "old": "2025V1",
    "new": "2025V1",
    "day": "2026-01-01",
    "reference": UNKNOWN_REFERENCE,
    "token": UNKNOWN_TOKEN,
    "case": UNKNOWN_CASE,
    "topic": "lost-phone",
    "which": "closing",
    "task": "erase",
    "proposal": "0" * 32,
    "alert": "1",
    "of": "0" * 16,
    "left": "0" * 16,
}


def rules(app: Flask, method: str) -> list[Rule]:
    """The rules of pages that answer to this method."""
    found = [
        rule
        for rule in app.url_map.iter_rules()
        if method in (rule.methods or ()) and rule.endpoint != "static"
    ]
    assert found
    return found


def fill(rule: Rule, **values: str) -> str:
    """An address of this rule: with these values, else with ones that nobody knows."""
    known = _VALUES | values
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda found: known[found[1]], rule.rule)
