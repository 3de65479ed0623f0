from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.problems import Severity


def test_lines_and_columns_count_from_one_in_characters():
    draft = Draft.of("2026V1.md", "甲乙\r\n丙丁\r戊".encode())
    places = [draft.problem("B01", offset, "", "")[1:3] for offset in range(7)]
    assert places == [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1)]


def test_a_byte_order_mark_takes_no_column():
    draft = Draft.of("2026V1.md", "\ufeff甲".encode())
    assert draft.problem("E02", 0, "", "")[1:3] == (1, 1)
    assert draft.source.text == "甲"


def test_the_code_decides_how_severe_it_is():
    draft = Draft.of("2026V1.md", b"")
    severities = [draft.problem(code, 0, "", "").severity for code in ("B01", "B05")]
    assert severities == [Severity.ERROR, Severity.WARNING]


def test_quoting_shows_the_invisible_and_cuts_the_long():
    assert quoted("甲\u202e乙\n") == "甲[U+202E]乙[U+000A]"
    assert quoted("甲" * 21) == "甲" * 20 + "…"
