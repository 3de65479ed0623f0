"""The manual for legal explains every code, as it is."""

import re

from portal.notice.checking.problems import CODES, WARNINGS
from portal.settings import ROOT

MANUAL = (ROOT / "docs" / "legal.md").read_text("utf-8")
ROWS = re.findall(r"^\| ([A-Z]\d\d) \| (.+) \| (错误|警告) \|$", MANUAL, re.MULTILINE)


def test_every_code_is_explained_and_no_other() -> None:
    assert {code: words for code, words, _ in ROWS} == dict(CODES)


def test_the_manual_tells_warnings_from_errors() -> None:
    assert {code for code, _, level in ROWS if level == "警告"} == WARNINGS
