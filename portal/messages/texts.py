"""What the SMS say. The wording is in ``templates/sms``; this fills it in.

Short, because a long SMS is cut in segments of 67 characters; never a phone number of a person.
"""

from datetime import datetime
from enum import StrEnum
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.clock import SHANGHAI


class Purpose(StrEnum):
    """What a code is asked for; its SMS says so (OWASP Transaction Authorization 1.1)."""

    CLOSE = "close"
    TRACK = "track"


class Texts:
    """The texts of all SMS. ``templates`` is their folder; ``host`` is where codes are typed."""

    def __init__(self, templates: Path, host: str, hotline: str) -> None:
        # The form of origin-bound codes has no place for a port.
        self._host = host.partition(":")[0]
        self._hotline = hotline
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - an SMS is plain text
            extensions=["jinja2.ext.i18n"],
        )
        install = self._environment.install_null_translations  # type: ignore[attr-defined]
        install(newstyle=True)
        self._environment.filters["instant"] = _instant

    def code(self, purpose: Purpose, code: str, expires_at: datetime) -> str:
        """A code, what it is for, until when it counts.

        The last line binds it to this site, so that a phone offers it nowhere else (WICG
        "Origin-bound one-time codes delivered via SMS").
        """
        until = expires_at.astimezone(SHANGHAI).strftime("%H:%M")
        return self._fill("code.txt", purpose=purpose, code=code, until=until, host=self._host)

    def submitted(self, reference: str, restore_until: datetime, link: str) -> str:
        """The request was taken: its reference, until when to restore, the private link."""
        return self._fill(
            "submitted.txt",
            reference=reference,
            until=restore_until,
            link=link,
            hotline=self._hotline,
        )

    def held(self, reference: str, reason: str, link: str, *, whole: bool) -> str:
        """It is stopped, and why in short words; ``reason`` as closures have it."""
        return self._fill("held.txt", reference=reference, reason=reason, link=link, whole=whole)

    def resumed(self, reference: str, restore_until: datetime, done: datetime, link: str) -> str:
        """It goes on: the new instants."""
        return self._fill(
            "resumed.txt", reference=reference, until=restore_until, done=done, link=link
        )

    def refused(self, reference: str, reason: str, link: str, *, whole: bool) -> str:
        """It has ended, why, and where to object (PIPL 50)."""
        return self._fill(
            "refused.txt",
            reference=reference,
            reason=reason,
            link=link,
            whole=whole,
            hotline=self._hotline,
        )

    def restored(self, reference: str, *, whole: bool) -> str:
        """Somebody with the code has turned back; the owner can object."""
        return self._fill("restored.txt", reference=reference, whole=whole, hotline=self._hotline)

    def reminder(self, reference: str, restore_until: datetime, link: str, *, whole: bool) -> str:
        """The last day to restore has come. The link leads to where that is done."""
        return self._fill(
            "reminder.txt", reference=reference, until=restore_until, link=link, whole=whole
        )

    def link(self, reference: str, link: str) -> str:
        """The private link, asked for once more."""
        return self._fill("link.txt", reference=reference, link=link)

    def alarm(self, link: str) -> str:
        """Somebody guesses at this number's codes; the link leads to the page that can stop it."""
        return self._fill("alarm.txt", link=link, hotline=self._hotline)

    def closed(self, reference: str, link: str, *, whole: bool) -> str:
        """It is done: the link to the result, for an account or for one identity of it."""
        return self._fill("closed.txt", reference=reference, link=link, whole=whole)

    def _fill(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(values)


def _instant(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日{local:%H:%M}"
