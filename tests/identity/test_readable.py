"""Letters that people copy by hand."""

import re

import pytest

from portal.identity import readable


def test_what_is_drawn_has_its_groups_and_is_never_the_same() -> None:
    drawn = {readable.draw(7, 4) for _ in range(500)}
    assert len(drawn) == 500
    assert all(re.fullmatch("([2-9A-HJ-NP-Z]{4}-){6}[2-9A-HJ-NP-Z]{4}", one) for one in drawn)


@pytest.mark.parametrize("typed", ["ABCD-2345", " abcd 2345\n", "ＡＢＣＤ—２３４５", "a-b-c-d2345"])
def test_it_is_read_however_it_was_written(typed: str) -> None:
    assert readable.read(typed) == "ABCD2345"
