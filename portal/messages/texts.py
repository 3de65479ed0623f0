"""What the SMS say. The wording is in ``templates/sms``; this fills it in.

Short, because a long SMS is cut in segments of 67 characters, English ones too: the signature
begins with a full-width bracket. Never a phone number of a person.
"""

from copy import copy
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Self

from babel.dates import format_skeleton
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.clock import SHANGHAI
from portal.language import Language, translations


class Purpose(StrEnum):
    """What a code is asked for; its SMS says so (OWASP Transaction Authorization 1.1)."""

    CLOSE = "close"
    TRACK = "track"
    HANDOVER = "handover"


class Texts:
    """The texts of all SMS, in Chinese unless ``in_language`` says otherwise.

    ``templates`` is their folder; ``host`` is where codes are typed.
    """

    def __init__(self, templates: Path, host: str, hotline: str) -> None:
        # The form of origin-bound codes has no place for a port.
        self._host = host.partition(":")[0]
        self._hotline = hotline
        self._environments = {one: _environment(templates, one) for one in Language}
        self._environment = self._environments[Language.CHINESE]

    def in_language(self, language: Language) -> Self:
        """The same texts in this language."""
        texts = copy(self)
        texts._environment = self._environments[language]  # noqa: SLF001 - its own copy
        return texts

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

    def help_verified(self, case: str, at: datetime) -> str:
        """A help case stood in for the code: whoever has the phone can object."""
        return self._fill("help_verified.txt", case=case, at=at, hotline=self._hotline)

    def successor(self, link: str) -> str:
        """To a colleague: somebody who leaves has named them. Says not who, nor what of: that is
        for whoever has the code of the desk that the link leads to."""
        return self._fill("successor.txt", link=link)

    def _fill(self, template: str, **values: object) -> str:
        return self._environment.get_template(template).render(values)


def _environment(templates: Path, language: Language) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - an SMS is plain text
        extensions=["jinja2.ext.i18n"],
    )
    install = environment.install_gettext_translations  # type: ignore[attr-defined]
    install(translations(language), newstyle=True)
    environment.filters["instant"] = partial(_instant, language)
    return environment


def _instant(language: Language, at: datetime) -> str:
    """When, to the minute, in Beijing."""
    local = at.astimezone(SHANGHAI)
    day = format_skeleton("MMMMd", local, locale=language.locale)
    return f"{day}{local:%H:%M}" if language is Language.CHINESE else f"{local:%H:%M} on {day}"
