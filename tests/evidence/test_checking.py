"""A receipt is genuine in every byte, and whatever else is handed in gets an answer."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.canonical import canonical
from portal.evidence.checking import LONGEST, Part, Verdict, check
from portal.store.vault import Vault
from tests.evidence.world import CONTENT, Ledger

ALL_BUT_HEAD = [Part.FORM, Part.KEY, Part.SIGNATURE, Part.EVENT, Part.PROOF]


@pytest.fixture
def proven(ledger: Ledger) -> Ledger:
    """A receipt's event under the second of three heads, fourth of its six events."""
    ledger.grow(2)
    ledger.anchor()
    ledger.grow(3)
    ledger.issue()
    ledger.grow(2)
    ledger.anchor()
    ledger.grow(1)
    ledger.anchor()
    return ledger


def saved(ledger: Ledger) -> bytes:
    return canonical(ledger.document())


def checked(ledger: Ledger, data: bytes) -> Verdict:
    return check(data, ledger.public_key, ledger.witness.heads)


def places(value: Any, way: tuple = ()) -> Iterator[tuple]:
    """The way to every value in a JSON value."""
    yield way
    if isinstance(value, dict | list):
        for key, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(child, (*way, key))


def replaced(value: Any, way: tuple, new: Any) -> Any:
    if not way:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[way[0]] = replaced(value[way[0]], way[1:], new)
    return copy


class TestGenuine:
    def test_every_part_holds_once_a_head_covers_it(self, proven: Ledger) -> None:
        verdict = checked(proven, saved(proven))
        assert verdict.genuine
        assert verdict.parts == dict.fromkeys(Part, True)
        assert verdict.content is not None
        assert verdict.content["outcomes"] == CONTENT["outcomes"]

    def test_before_that_it_is_genuine_without_a_proof(self, ledger: Ledger) -> None:
        verdict = checked(ledger, canonical(ledger.issue()))
        assert verdict.genuine
        assert verdict.parts.keys() == {Part.FORM, Part.KEY, Part.SIGNATURE, Part.EVENT}

    def test_without_the_heads_all_else_can_be_judged(self, proven: Ledger) -> None:
        verdict = check(saved(proven), proven.public_key)
        assert verdict.parts == dict.fromkeys(ALL_BUT_HEAD, True)

    def test_how_it_is_laid_out_does_not_matter(self, proven: Ledger) -> None:
        text = json.dumps(proven.document(), indent=4, ensure_ascii=True).replace("\n", "\r\n")
        assert checked(proven, b"\xef\xbb\xbf" + text.encode()).genuine

    def test_a_superseded_head_still_shows_what_was_said(self, proven: Ledger) -> None:
        data = saved(proven)
        proven.attack("DELETE FROM event WHERE seq > 2", "DELETE FROM anchor WHERE number > 1")
        proven.mark_restored()
        assert checked(proven, data).genuine


class TestChanged:
    def test_every_flipped_bit_is_found(self, proven: Ledger) -> None:
        data = saved(proven)
        for place in range(len(data)):
            for bit in (1, 4, 32, 128):
                flipped = bytearray(data)
                flipped[place] ^= bit
                assert not check(bytes(flipped), proven.public_key).genuine, (place, bit)

    def test_every_changed_value_is_found(self, proven: Ledger) -> None:
        document = json.loads(saved(proven))
        others = [None, True, 0, 1, -1, 2.5, "", "x", "0" * 64, [], {}, 10**4000, ["0" * 64] * 65]
        for way in places(document):
            for other in others:
                changed = replaced(document, way, other)
                if canonical(changed) != canonical(document):
                    assert not check(canonical(changed), proven.public_key).genuine, (way, other)

    def test_every_value_that_is_taken_away_or_added_is_found(self, proven: Ledger) -> None:
        document = json.loads(saved(proven))
        for way in places(document):
            value = document
            for key in way:
                value = value[key]
            if isinstance(value, dict):
                fewer = [{k: v for k, v in value.items() if k != one} for one in value]
                for other in [*fewer, {**value, "more": 1}]:
                    data = canonical(replaced(document, way, other))
                    assert not check(data, proven.public_key).genuine, (way, other)

    @pytest.mark.parametrize(
        ("way", "failed"),
        [
            (("content", "reference"), [Part.SIGNATURE, Part.EVENT]),
            (("signature",), [Part.SIGNATURE]),
            (("key", "id"), [Part.KEY]),
            (("event", "at"), [Part.SIGNATURE, Part.PROOF]),
            (("event", "facts", "receipt"), [Part.SIGNATURE, Part.EVENT, Part.PROOF]),
            (("proof", "path", 0), [Part.PROOF]),
            (("head", "root"), [Part.PROOF, Part.HEAD]),
        ],
    )
    def test_what_fails_is_named(self, proven: Ledger, way: tuple, failed: list[Part]) -> None:
        other = "ab" * (64 if way == ("signature",) else 32)
        changed = replaced(json.loads(saved(proven)), way, other)
        assert checked(proven, canonical(changed)).failed == failed

    def test_a_content_that_is_not_signed_is_not_shown(self, proven: Ledger) -> None:
        changed = replaced(json.loads(saved(proven)), ("content", "reference"), "ZX-FORGED")
        assert checked(proven, canonical(changed)).content is None

    def test_another_key_signed_nothing(self, proven: Ledger) -> None:
        other = Vault(sha256(b"other").digest()).signing_key.public_key()
        verdict = check(saved(proven), other, proven.witness.heads)
        assert verdict.failed == [Part.KEY, Part.SIGNATURE, Part.PROOF, Part.HEAD]


class TestHeads:
    def test_a_head_that_is_not_in_the_file_is_named(self, proven: Ledger) -> None:
        data, lines = saved(proven), list(proven.witness.heads)
        for heads in ([], lines[:1], lines[1:], ["", *lines[1:]][:1]):
            assert check(data, proven.public_key, heads).failed == [Part.HEAD]

    def test_heads_that_do_not_stand_on_it_are_named(self, proven: Ledger) -> None:
        data, lines = saved(proven), list(proven.witness.heads)
        for later in ("{}", lines[0], lines[2].replace('"count":1', '"count":2'), "[" * 9999, "[]"):
            heads = [*lines[:2], later]
            assert check(data, proven.public_key, heads).failed == [Part.HEAD]


class TestAnythingElse:
    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"null",
            b"[]",
            b"{}",
            b"\xff\xfe",
            b"[" * 200_000,
            b'{"content":' * 20_000,
            b" " * (LONGEST + 1),
            b'{"content":{},"content":{}}',
            b'{"content":{},"signature":"","key":{},"event":{}}',
            '{"content":{},"signature":"％","key":{},"event":{"seq":1}}'.encode(),
            b'{"content":{},"signature":"' + b"0" * 128 + b'","key":{},"event":{"seq":1}}',
        ],
    )
    def test_it_is_no_receipt(self, ledger: Ledger, data: bytes) -> None:
        verdict = checked(ledger, data)
        assert not verdict.genuine
        assert verdict.content is None

    def test_a_second_key_of_the_same_name_is_refused(self, proven: Ledger) -> None:
        data = saved(proven)
        doubled = data.replace(b'"reference":', b'"reference":"ZX-OTHER","reference":', 1)
        assert doubled != data
        assert checked(proven, doubled).failed == [Part.FORM]

    def test_letters_that_look_alike_are_others(self, proven: Ledger) -> None:
        data = saved(proven)
        changed = data.replace("简历".encode(), "简\u200b历".encode(), 1)
        assert changed != data
        assert Part.SIGNATURE in checked(proven, changed).failed


@given(st.binary(max_size=200))
def test_no_bytes_raise(vault: Vault, data: bytes) -> None:
    assert not check(data, vault.signing_key.public_key()).genuine


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
HEX = st.sampled_from(["0" * 64, "0" * 128, "f" * 64])
OBJECTS = st.dictionaries(
    st.sampled_from(["seq", "facts", "receipt", "id", "head", "index", "size", "path"]),
    JSON | HEX | st.lists(HEX, max_size=3),
)


@given(
    st.fixed_dictionaries(
        {"content": OBJECTS, "signature": HEX, "key": OBJECTS, "event": OBJECTS},
        optional={"proof": OBJECTS, "head": OBJECTS},
    )
)
def test_nothing_of_nearly_the_right_form_raises(vault: Vault, document: dict) -> None:
    data = json.dumps(document).encode()
    assert not check(data, vault.signing_key.public_key(), ["x"]).genuine
