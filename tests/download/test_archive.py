"""What is in the ZIP: everything of the person, readable in three forms, nothing of others."""

import csv
import io
import json
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from portal.accounts.export import Bite, Column, Extract, StoredFile
from portal.accounts.sample.cast import Person
from portal.accounts.system import Scope, Words
from portal.clock import SHANGHAI
from portal.download import archive
from portal.language import Language
from portal.services import Services
from tests.cast import BUSY, COLLEAGUES, ONLY_SUPER_ADMIN, PEOPLE, RECRUITER
from tests.client import Page
from tests.download.takeaway import bytes_of, made, offered, unpacked

NOW = datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def busy(services: Services) -> dict[str, bytes]:
    made(services, BUSY)
    return unpacked(bytes_of(services, BUSY))


def test_every_row_is_there_in_every_form(services: Services, busy: dict[str, bytes]) -> None:
    scope = scope_of(services)
    shown = Counter[str]()
    for name in busy:
        if name.startswith("pages/"):
            shown[name.removeprefix("pages/").rpartition("-")[0]] += busy[name].count(b"<dl>")
    rows = Counter[str]()
    for extract in services.accounts.export(scope):
        rows[extract.category] += extract.rows
        if extract.rows:
            assert len(json.loads(busy[f"json/{extract.name}.json"])["rows"]) == extract.rows
            table = list(csv.reader(io.StringIO(busy[f"csv/{extract.name}.csv"].decode())))
            assert len(table) == extract.rows + 1
    assert shown == +rows
    assert sum(rows.values()) > 1000


def scope_of(services: Services) -> Scope:
    return offered(services, BUSY).scope


def test_the_files_are_in_it(services: Services, busy: dict[str, bytes]) -> None:
    there = {
        f"files/{file.name}": b"".join(file.read())
        for extract in services.accounts.export(scope_of(services))
        for file in extract.files()
    }
    assert there == {n: content for n, content in busy.items() if n.startswith("files/")} != {}


@pytest.mark.parametrize("person", [BUSY, RECRUITER, ONLY_SUPER_ADMIN], ids=lambda one: one.key)
def test_nothing_of_anybody_else_is_in_it(services: Services, person: Person) -> None:
    made(services, person)
    everything = b"\n".join(unpacked(bytes_of(services, person)).values()).decode(errors="replace")
    assert person.name in everything
    assert person.phone in everything
    for other in {*PEOPLE, *COLLEAGUES} - {person}:
        traces = (other.name, other.phone.removeprefix("+86"), other.mail, other.id)
        assert [one for one in traces if one in everything] == []


def test_no_secret_is_in_it(services: Services, busy: dict[str, bytes]) -> None:
    everything = b"\n".join(busy.values())
    assert b"scrypt:" not in everything
    assert b"token_hash" not in everything


def test_every_link_leads_to_something(busy: dict[str, bytes]) -> None:
    pages = {name: Page(busy[name].decode()) for name in busy if name.endswith(".html")}
    leading = {link for page in pages.values() for link in page.links}
    assert {link.removeprefix("../") for link in leading} <= busy.keys()
    reached = set(pages["index.html"].links)
    assert {name for name in busy if name.startswith(("json/", "csv/"))} <= reached
    assert all(page.inline == [] and len(page.headings) == 1 for page in pages.values())


class Memory:
    """A shelf that keeps everything, or nothing and only counts."""

    def __init__(self, *, keep: bool = True) -> None:
        self.content, self.keep, self.rows = io.BytesIO(), keep, 0

    def write(self, data: bytes) -> int:
        return self.content.write(data) if self.keep else len(data)

    def flush(self) -> None:
        pass

    def tell_done(self, rows: int) -> None:
        self.rows += rows


def extract(rows: int, *cells: object, bite: int = 5000) -> Extract:
    """As many rows as told, all alike."""

    def bites() -> Iterator[Bite]:
        for at in range(0, rows, bite):
            yield [cells] * min(bite, rows - at)  # type: ignore[list-item]

    columns = tuple(Column(f"c{n}", Words(f"列{n}", f"Column {n}")) for n in range(len(cells)))
    kind = Words("种类", "Kind")
    return Extract("t.p", "kind", kind, kind, columns, rows, bites, lambda: iter(()))


def zipped(*extracts: Extract, language: Language = Language.CHINESE) -> dict[str, bytes]:
    shelf = Memory()
    archive.write(shelf, extracts, language, NOW)  # type: ignore[arg-type]
    assert shelf.rows == sum(one.rows for one in extracts) * archive.FORMS
    return unpacked(shelf.content.getvalue())


def test_texts_are_texts_in_a_page() -> None:
    page = zipped(extract(1, "<script>alert(1)</script>"))["pages/kind-1.html"].decode()
    assert "&lt;script&gt;" in page
    assert "<script" not in page


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@x", "\tx", "\rx"])
def test_a_spreadsheet_takes_nothing_for_a_formula(text: str) -> None:
    table = zipped(extract(1, text))["csv/t.p.csv"].decode("utf-8-sig")
    assert next(iter(csv.reader(io.StringIO(table.partition("\r\n")[2], newline=""))))[0][0] == "'"


def test_spreadsheets_know_it_for_utf_8() -> None:
    assert zipped(extract(1, "字"))["csv/t.p.csv"].startswith(b"\xef\xbb\xbf")


def test_values_are_told_as_people_and_as_programs_read_them() -> None:
    files = zipped(extract(1, True, None, NOW, Words("招聘者", "Recruiter"), 7))
    row = files["csv/t.p.csv"].decode().splitlines()[1]
    assert row == "是,,2026-11-22 10:00:00,招聘者,7"
    assert json.loads(files["json/t.p.json"])["rows"] == [
        {"c0": True, "c1": None, "c2": "2026-11-22T10:00:00+08:00", "c3": "招聘者", "c4": 7}
    ]


def test_labels_are_in_the_language_that_was_asked_for() -> None:
    assert "Column 0" in zipped(extract(1, "x"), language=Language.ENGLISH)["csv/t.p.csv"].decode()


def test_every_text_around_the_data_is_in_that_language_too() -> None:
    files = zipped(extract(6000, "x"), language=Language.ENGLISH)
    for page in (Page(files[name].decode()) for name in files if name.endswith(".html")):
        assert page.chinese == []


def test_many_rows_are_several_pages_that_lead_to_each_other() -> None:
    files = zipped(extract(12_000, "x"), replace(extract(3, "y"), name="t.q"))
    pages = [name for name in files if name.startswith("pages/")]
    assert pages == ["pages/kind-1.html", "pages/kind-2.html", "pages/kind-3.html"]
    assert [files[name].count(b"<dl>") for name in pages] == [5000, 5000, 2003]
    middle = Page(files["pages/kind-2.html"].decode()).links
    assert {"../pages/kind-1.html", "../pages/kind-3.html"} <= set(middle)


def test_kinds_without_rows_are_named_and_have_no_page() -> None:
    files = zipped(extract(0, "x"))
    assert files.keys() == {"index.html", "style.css"}
    assert "种类" in Page(files["index.html"].decode()).text


def test_memory_does_not_grow_with_the_rows() -> None:
    def peak(rows: int) -> int:
        tracemalloc.start()
        archive.write(Memory(keep=False), [extract(rows, "文字" * 20, NOW)], Language.CHINESE, NOW)  # type: ignore[arg-type]
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    assert peak(40_000) < 1.3 * peak(10_000)


def test_a_file_is_read_piece_by_piece() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    one = replace(extract(1, "x"), files=lambda: iter([StoredFile("a/b.png", pieces)]))
    assert zipped(one)["files/a/b.png"] == b"onetwo"
