"""One way to write JSON, and a reader that takes nothing ambiguous."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.canonical import UnclearJsonError, canonical, strict

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(codec="utf-8")), inner),
    max_leaves=20,
)


@given(VALUES)
def test_what_was_written_is_read_and_written_the_same(value: object) -> None:
    assert strict(canonical(value)) == value
    assert canonical(strict(canonical(value))) == canonical(value)


def test_neither_order_nor_spaces_nor_escapes_matter() -> None:
    assert canonical(strict(b' {"b": 1,\n"a": "\\u667a"}')) == '{"a":"智","b":1}'.encode()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"x":{"a":1,"a":1}}',
        b"NaN",
        b"[-Infinity]",
        b"1e999",
        b'"\\ud800"',
        b"1" * 5000,
        b"[" * 40 + b"]" * 40,
        b"[" * 100_000,
        b'{"a":' * 100_000,
        '{"a":1}'.encode("utf-16"),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(UnclearJsonError):
        strict(data)


@given(st.binary())
def test_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        strict(data)
    except UnclearJsonError:
        return
    json.loads(data)
