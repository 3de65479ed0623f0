"""Every code has its awkward file, which shows this code, at its place, and nothing else."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.notice.checking.problems import CODES
from portal.notice.register import Entry
from tests.notice.checking.drafts import CONTEXT, CORPUS, found

PLACES = {
    "B01-across-paragraphs": [(13, 10), (18, 13)],
    "B01-not-closed": [(13, 10)],
    "B02-empty": [(13, 10)],
    "B02-only-a-space": [(13, 10)],
    "B03-space-after-opening": [(13, 10)],
    "B03-space-before-closing": [(13, 17)],
    "B04-beside-latin-marks": [(13, 11)],
    "B04-escaped": [(13, 10), (13, 18)],
    "B04-full-width-stars": [(13, 10)],
    "B04-underscores": [(13, 10)],
    "B05-italics": [(13, 10)],
    "B05-one-star-short": [(13, 18)],
    "B06-bold-in-bold": [(13, 15)],
    "C01-first-is-two": [(15, 3)],
    "C01-jump": [(18, 1)],
    "C02-repeated": [(18, 1)],
    "C03-full-width-bracket": [(16, 3)],
    "C03-full-width-digit": [(18, 1)],
    "C03-full-width-dot": [(18, 1)],
    "C04-space": [(18, 1)],
    "C05-across-lines-and-bold": [(9, 25)],
    "C05-no-such-clause": [(9, 23)],
    "D01-effect-before-update": [(5, 6)],
    "D02-six-days": [(5, 6)],
    "E01-gb18030": [(1, 1)],
    "E01-one-odd-byte": [(16, 10)],
    "E01-utf-16": [(1, 1)],
    "E02-byte-order-mark": [(1, 1)],
    "E03-crlf": [(1, 9)],
    "H01-no-title": [(1, 1)],
    "H02-no-updated": [(5, 1)],
    "H02-version-far-below": [(20, 1)],
    "H03-again-at-the-end": [(24, 1)],
    "H03-version-twice": [(9, 1)],
    "H04-dashes-in-date": [(5, 6)],
    "H04-no-colon": [(7, 1)],
    "H04-small-v": [(7, 4)],
    "H05-full-width-date": [(5, 6)],
    "H05-full-width-version": [(7, 4)],
    "H06-no-such-day": [(3, 6)],
    "H07-other-version": [(7, 4)],
    "H08-version-of-another-file": [(7, 4)],
    "C06-half-width-mark": [(20, 1)],
    "L01-no-target": [(22, 4)],
    "L02-anchor": [(22, 4)],
    "L02-empty-target": [(22, 4)],
    "L02-mail": [(22, 4)],
    "L02-no-text": [(22, 9)],
    "L03-http": [(22, 4)],
    "L04-full-width-brackets": [(22, 4)],
    "L04-space-in-address": [(22, 4)],
    "P01-changed-after-publication": [(1, 1)],
    "S01-another-number": [(22, 30)],
    "S01-landline": [(22, 30)],
    "S01-other-hyphens": [(22, 30)],
    "S02-another-company": [(9, 33)],
    "S02-one-character-missing": [(9, 33)],
    "T01-character-code": [(16, 10)],
    "T01-comment": [(16, 12)],
    "T01-tag": [(16, 10)],
    "T02-image": [(22, 1)],
    "T03-bidi": [(16, 10)],
    "T03-escape": [(16, 10)],
    "T03-zero-width-space": [(16, 10)],
    "T04-tab": [(16, 5)],
    "T05-trailing-space": [(16, 13)],
    "T06-after-a-fence": [(22, 4)],
    "T06-link-definition": [(22, 2)],
    "T06-more-cells-than-columns": [(24, 14)],
}
"""Line and column of each problem, by file."""

ANOTHER_FILE = replace(CONTEXT, versions={"2026V1-终稿.md": "2026V1", "2026V1.md": "2026V1"})
PUBLISHED = replace(
    CONTEXT, register={"2026V1": Entry("0" * 64, datetime(2026, 5, 20, tzinfo=UTC))}
)
CONTEXTS = {"H08": ANOTHER_FILE, "P01": PUBLISHED}


def test_every_code_has_an_awkward_file():
    assert {file.name.partition("-")[0] for file in CORPUS.iterdir()} == set(CODES)


def test_every_awkward_notice_has_its_places():
    assert {file.stem for file in CORPUS.glob("*.md")} == set(PLACES)


@pytest.mark.parametrize("name", PLACES)
def test_an_awkward_file_shows_its_code_at_its_place_and_nothing_else(name):
    code = name.partition("-")[0]
    problems = found((CORPUS / f"{name}.md").read_bytes(), CONTEXTS.get(code, CONTEXT))
    assert [(one.line, one.column) for one in problems] == PLACES[name]
    assert {one.code for one in problems} == {code}
