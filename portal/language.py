"""The languages of pages and messages, and where their texts are.

What is written in code and templates is Chinese; the other language has a catalogue, read as it is
written, so that there is nothing to compile and nothing to forget.
"""

from enum import StrEnum
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

CATALOGUES = Path(__file__).parent / "translations"


class Language(StrEnum):
    """By its tag (BCP 47), as a page, a consent and a closure bear it."""

    CHINESE = "zh-Hans"
    ENGLISH = "en"

    @property
    def prefix(self) -> str:
        """What the path of its pages begins with."""
        return "" if self is Language.CHINESE else f"/{self}"

    @property
    def locale(self) -> str:
        """Where it is spoken: how days are written."""
        return "zh_Hans" if self is Language.CHINESE else "en_GB"


@cache
def translations(language: Language) -> NullTranslations:
    """Its texts by the Chinese ones."""
    if language is Language.CHINESE:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        write_mo(compiled, read_po(file))
    compiled.seek(0)
    return Translations(compiled)
