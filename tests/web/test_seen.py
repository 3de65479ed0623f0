"""What a page showed comes back as it was, or not at all."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.services import Services
from portal.web.seen import opened, seal

VALUE = {"version": "2025V1", "名": ["一", None, 1]}
once = settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("place", ["notice", "consequences 1"])
def test_it_comes_back_as_it_was(services: Services, place: str) -> None:
    assert opened(services, place, seal(services, place, VALUE)) == VALUE


def test_it_can_be_read_by_nobody_on_the_way(services: Services) -> None:
    assert "2025V1" not in seal(services, "notice", VALUE)


def test_it_opens_only_where_it_was_shown(services: Services) -> None:
    assert opened(services, "consequences 1", seal(services, "consequences 2", VALUE)) is None


@pytest.mark.parametrize("missing", [None, "", "="])
def test_nothing_opens_as_nothing(services: Services, missing: str | None) -> None:
    assert opened(services, "notice", missing) is None


@once
@given(st.text())
def test_no_made_up_text_opens(services: Services, text: str) -> None:
    assert opened(services, "notice", text) is None


@once
@given(st.data())
def test_no_altered_one_opens(services: Services, data: Any) -> None:
    sealed = seal(services, "notice", VALUE)
    place = data.draw(st.integers(0, len(sealed) - 3))
    letter = data.draw(st.sampled_from("ABab01-_").filter(lambda one: one != sealed[place]))
    assert opened(services, "notice", sealed[:place] + letter + sealed[place + 1 :]) is None
