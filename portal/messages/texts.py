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

    def code(self, purpose: Purpose, code: str, expires_at: datetime) -> str:
        """A code, what it is for, until when it counts.

        The last line binds it to this site, so that a phone offers it nowhere else (WICG
        "Origin-bound one-time codes delivered via SMS").
        """
        until = expires_at.astimezone(SHANGHAI).strftime("%H:%M")
        return self._fill("code.txt", purpose=purpose, code=code, until=until, host=self._host)

    def submitted(self, reference: str, restore_until: datetime, link: str) -> str:
        """The request was taken: its reference, until when to restore, the private link."""
        local = restore_until.astimezone(SHANGHAI)
        until = f"{local.month}月{local.day}日{local:%H:%M}"
        return self._fill(
            "submitted.txt", reference=reference, until=until, link=link, hotline=self._hotline
        )

    def closed(self, reference: str, link: str, *, whole: bool) -> str:
        """It is done: the link to the result, for an account or for one identity of it."""
        return self._fill("closed.txt", reference=reference, link=link, whole=whole)

    def help_verified(self, case: str, at: datetime) -> str:
        """A help case stood in for the code: whoever has the phone can object."""
        local = at.astimezone(SHANGHAI)
        when = f"{local.month}月{local.day}日{local:%H:%M}"
        return self._fill("help_verified.txt", case=case, at=when, hotline=self._hotline)

    def _fill(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(values)
