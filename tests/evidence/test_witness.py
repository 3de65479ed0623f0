"""Files that are only added to: whole lines, from many at once, found from the end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.witness import Lines
from tests.races import at_once


@pytest.fixture
def lines(tmp_path: Path) -> Lines:
    return Lines(tmp_path / "folder" / "lines.txt")


def test_what_was_added_comes_back_in_its_order(lines: Lines) -> None:
    lines.add("one", "zwei")
    lines.add("三")
    assert list(lines) == ["one", "zwei", "三"]
    assert lines.last() == "三"


def test_nothing_added_yet_is_nothing(lines: Lines) -> None:
    assert list(lines) == []
    assert lines.last() is None


@pytest.mark.parametrize("before", [[], ["one"]])
def test_a_line_that_was_cut_off_is_no_line(lines: Lines, before: list[str]) -> None:
    lines.add(*before)
    with lines.path.open("ab") as file:
        file.write(b"cut o")
    assert list(lines) == before
    assert lines.last() == (before[-1] if before else None)
    lines.add("two")
    assert list(lines) == [*before, "two"]


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\n\r"), max_size=6000)))
def test_the_last_line_is_found_however_long_lines_are(tmp_path_factory, texts: list[str]) -> None:
    lines = Lines(tmp_path_factory.mktemp("witness") / "lines.txt")
    lines.add(*texts)
    assert lines.last() == (texts[-1] if texts else None)


def test_many_at_once_lose_nothing(lines: Lines) -> None:
    at_once(8, lambda number: lines.add(*[f"{number} {n}" for n in range(20)]))
    assert sorted(lines) == sorted(f"{one} {n}" for one in range(8) for n in range(20))


def test_what_is_not_wanted_any_more_goes(lines: Lines) -> None:
    lines.add("keep 1", "drop", "keep 2")
    lines.keep(lambda line: line.startswith("keep"))
    lines.add("keep 3")
    assert list(lines) == ["keep 1", "keep 2", "keep 3"]
