"""The second of two steps: a page that says what will happen, and one button that does it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template, url_for

from portal.staffroom.members import Member


@dataclass(frozen=True)
class Step:
    """What the page says, and what its form sends on."""

    heading: str
    effects: Sequence[str]
    """What will happen, a sentence each."""
    action: str
    """Where the form goes."""
    button: str
    away: str
    """Where somebody goes who does not want to."""
    rows: Sequence[tuple[str, str]] = ()
    fields: Mapping[str, object] = field(default_factory=dict)
    danger: bool = False
    editable: bool = False
    """Whether there was a form to go back to."""


def confirm(me: Member, step: Step) -> str:
    return render_template("staff/confirm.html", me=me, step=step)


def case_url(reference: str) -> str:
    return url_for("staff.case.show", reference=reference)
