"""The pages inside a download: plain HTML without scripts, readable from a folder, offline."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.accounts.export import Bite, Cell, Extract
from portal.accounts.system import Words
from portal.clock import SHANGHAI
from portal.language import Language, translations
from portal.settings import ROOT

_TEMPLATES = ROOT / "templates" / "download"


def page_name(category: str, number: int) -> str:
    return f"pages/{category}-{number}.html"


def table_name(extract: Extract) -> str:
    return f"csv/{extract.name}.csv"


def data_name(extract: Extract) -> str:
    return f"json/{extract.name}.json"


class Book:
    """Says everything in one language."""

    def __init__(self, language: Language, now: datetime) -> None:
        self._english = language is Language.ENGLISH
        self._now = now
        self._pages = Environment(
            loader=FileSystemLoader(_TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            extensions=["jinja2.ext.i18n"],
        )
        said = translations(language)
        self._pages.install_gettext_translations(said, newstyle=True)  # type: ignore[attr-defined]
        self._yes, self._no = said.gettext("是"), said.gettext("否")
        self._pages.filters |= {"words": self.words, "cell": self.cell}
        self._pages.globals |= {
            "lang": language,
            "page_name": page_name,
            "table_name": table_name,
            "data_name": data_name,
        }

    def front(self, categories: Mapping[str, Sequence[Extract]]) -> Iterator[tuple[str, str]]:
        """The first page, and what all pages look like."""
        groups = list(categories.values())
        there = [extracts for extracts in groups if any(one.rows for one in extracts)]
        empty = [extracts[0].category_label for extracts in groups if extracts not in there]
        index = self._render("index.html", there=there, empty=empty, made_at=self._now)
        yield "index.html", index
        yield "style.css", (_TEMPLATES / "style.css").read_text("utf-8")

    def page(self, held: Sequence[tuple[Extract, Bite]], number: int, *, more: bool) -> str:
        first, _ = held[0]
        near = {number - 1: number > 1, number + 1: more}
        names = {n: page_name(first.category, n) for n, there in near.items() if there}
        previous, following = (names.get(n) for n in near)
        return self._render(
            "page.html",
            held=held,
            category=first.category_label,
            number=number,
            previous=previous,
            following=following,
        )

    def _render(self, name: str, **values: object) -> str:
        return self._pages.get_template(name).render(values)

    def words(self, one: Words) -> str:
        return one.en if self._english else one.zh

    def cell(self, value: Cell) -> str:
        """As people read it."""
        match value:
            case None:
                return ""
            case bool():
                return self._yes if value else self._no
            case datetime():
                return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
            case Words():
                return self.words(value)
        return str(value)

    def plain(self, value: Cell) -> str | int | float | bool | None:
        """As programs read it."""
        match value:
            case datetime():
                return value.astimezone(SHANGHAI).isoformat()
            case Words():
                return self.words(value)
        return value
