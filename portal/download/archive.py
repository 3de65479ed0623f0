"""The ZIP: pages to read, tables for spreadsheets, JSON for programs, and the files.

Written from front to back without ever being read again. Each form reads the rows anew, a bite at
a time, so that however many there are no more than a page of them is in memory.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from portal.accounts.export import Bite, Extract
from portal.clock import SHANGHAI
from portal.download.pages import Book, data_name, page_name, table_name
from portal.download.shelf import Shelf
from portal.download.spreadsheet import lines
from portal.language import Language

FORMS = 3
"""How many times a row is written."""
_MANY = 100_000
"""From so many rows on a file may become larger than ZIP's first format can say."""
_PAGE = 5000

Told = Callable[[int], None]
"""Is told how many rows more were written."""


def write(shelf: Shelf, extracts: Sequence[Extract], language: Language, now: datetime) -> int:
    """Write all of it; answers how many files of the person are in it."""
    book, tell = Book(language, now), shelf.tell_done
    made = ZipFile(cast("IO[bytes]", shelf), "w", ZIP_DEFLATED)
    entries = _Entries(made, now)
    _readable(entries, book, extracts, tell)
    for extract in extracts:
        if extract.rows:
            _json(entries, book, extract, tell)
            _csv(entries, book, extract, tell)
    files = _files(entries, extracts)
    made.close()
    return files


class _Entries:
    """The files in the ZIP."""

    def __init__(self, made: ZipFile, now: datetime) -> None:
        self._made = made
        self._at = now.astimezone(SHANGHAI).timetuple()[:6]

    @contextmanager
    def add(self, name: str, *, large: bool = False) -> Iterator[Callable[[str | bytes], object]]:
        """A new file, and the way to write on it."""
        info = ZipInfo(name, self._at)
        info.compress_type = ZIP_DEFLATED
        with self._made.open(info, "w", force_zip64=large) as entry:
            yield lambda text: entry.write(text.encode() if isinstance(text, str) else text)


def _readable(entries: _Entries, book: Book, extracts: Sequence[Extract], tell: Told) -> None:
    categories: dict[str, list[Extract]] = {}
    for extract in extracts:
        categories.setdefault(extract.category, []).append(extract)
    for name, text in book.front(categories):
        with entries.add(name) as put:
            put(text)
    for category in categories.values():
        for number, (held, more) in enumerate(_pages(category), 1):
            with entries.add(page_name(category[0].category, number)) as put:
                put(book.page(held, number, more=more))
            tell(sum(len(bite) for _, bite in held))


Held = list[tuple[Extract, Bite]]


def _pages(category: Sequence[Extract]) -> Iterator[tuple[Held, bool]]:
    """What stands on each page, and whether another one follows."""
    held: Held = []
    rows = 0
    for extract in category:
        for bite in extract.bites():
            if held and rows + len(bite) > _PAGE:
                yield held, True
                held, rows = [], 0
            held.append((extract, bite))
            rows += len(bite)
    if held:
        yield held, False


def _json(entries: _Entries, book: Book, extract: Extract, tell: Told) -> None:
    """One object a row, by the names of the columns; what they are called comes first."""
    names = [column.name for column in extract.columns]
    called = {column.name: book.words(column.label) for column in extract.columns}
    head = {"category": book.words(extract.category_label), "label": book.words(extract.label)}
    with entries.add(data_name(extract), large=extract.rows > _MANY) as put:
        put(json.dumps({**head, "columns": called}, ensure_ascii=False)[:-1] + ', "rows": [')
        between = "\n"
        for bite in extract.bites():
            for row in bite:
                values = dict(zip(names, map(book.plain, row), strict=True))
                put(between + json.dumps(values, ensure_ascii=False))
                between = ",\n"
            tell(len(bite))
        put("\n]}\n")


def _csv(entries: _Entries, book: Book, extract: Extract, tell: Told) -> None:
    with entries.add(table_name(extract), large=extract.rows > _MANY) as put:
        # By these three bytes spreadsheets know UTF-8.
        put("\ufeff" + lines([[book.words(column.label) for column in extract.columns]]))
        for bite in extract.bites():
            put(lines([[book.cell(cell) for cell in row] for row in bite]))
            tell(len(bite))


def _files(entries: _Entries, extracts: Sequence[Extract]) -> int:
    number = 0
    for extract in extracts:
        for file in extract.files():
            with entries.add(f"files/{file.name}", large=True) as put:
                for piece in file.read():
                    put(piece)
            number += 1
    return number
