"""The record for machines."""

import json
from datetime import date
from xml.etree import ElementTree as Xml

import pytest

from portal.notice.record import as_json, feed
from portal.notice.register import Register, UnknownVersion
from tests.notice.notices import DIRECTORY

REGISTER = Register.load(DIRECTORY)
ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_version_names_its_digests_and_dates() -> None:
    record = json.loads(as_json(REGISTER.get("2025V1")))
    assert record["source_sha256"] == REGISTER.get("2025V1").notice.source_sha256
    assert record["fragment_sha256"] == REGISTER.get("2025V1").fragment.sha256
    assert (record["updated"], record["effective"]) == ("2025-12-22", "2025-12-29")


def test_every_clause_and_bold_run_is_there() -> None:
    record = json.loads(as_json(REGISTER.get("2025V1")))
    assert [run["id"] for run in record["bold_runs"]] == list(
        REGISTER.get("2025V1").fragment.bold_ids
    )
    assert "c-1-2-5" in {clause["id"] for clause in record["clauses"]}


def test_the_feed_has_every_version_newest_first() -> None:
    root = Xml.fromstring(feed(REGISTER, "https://example.com"))
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert [title.split()[-1] for title in titles if title] == ["2026V1", "2025V1"]


def test_the_feed_points_at_the_permanent_pages() -> None:
    root = Xml.fromstring(feed(REGISTER, "https://example.com"))
    links = [link.get("href") for link in root.iter(f"{ATOM}link")]
    assert "https://example.com/notices/2025V1" in links


@pytest.mark.parametrize(
    ("day", "version"),
    [
        (date(2025, 12, 29), "2025V1"),
        (date(2026, 5, 31), "2025V1"),
        (date(2026, 6, 1), "2026V1"),
        (date(2030, 1, 1), "2026V1"),
    ],
)
def test_what_applied_on_a_day(day: date, version: str) -> None:
    assert REGISTER.on(day).version == version


def test_before_the_first_version_nothing_applied() -> None:
    with pytest.raises(UnknownVersion):
        REGISTER.on(date(2025, 12, 28))
