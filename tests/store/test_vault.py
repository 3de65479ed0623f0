"""What is sealed opens at its place, with its key, unaltered, and not otherwise."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.store.vault import SealBrokenError, Vault, token_hash

OTHER = Vault(bytes(32))


@settings(max_examples=25)
@given(st.text(), st.binary())
def test_a_sealed_value_opens_at_its_place(place: str, value: bytes) -> None:
    assert OTHER.open(place, OTHER.close(place, value)) == value


def test_json_keeps_its_shape_and_its_letters(vault: Vault) -> None:
    value = {"姓名": ["林", None, 3, True]}
    assert vault.open_json("here", vault.close_json("here", value)) == value


def test_a_moved_value_does_not_open(vault: Vault) -> None:
    with pytest.raises(SealBrokenError):
        vault.open("message:2", vault.close("message:1", b"text"))


def test_another_master_key_does_not_open(vault: Vault) -> None:
    with pytest.raises(SealBrokenError):
        OTHER.open("here", vault.close("here", b"text"))


@settings(max_examples=25)
@given(st.data())
def test_a_value_with_one_bit_changed_does_not_open(data: st.DataObject) -> None:
    sealed = bytearray(OTHER.close("here", b"some text"))
    at = data.draw(st.integers(0, len(sealed) - 1))
    sealed[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(SealBrokenError):
        OTHER.open("here", bytes(sealed))


@pytest.mark.parametrize("length", [8, 12, 27])
def test_a_value_cut_short_does_not_open(length: int) -> None:
    with pytest.raises(SealBrokenError):
        OTHER.open("here", OTHER.close("here", b"")[:length])


def test_sealing_twice_looks_different(vault: Vault) -> None:
    assert vault.close("here", b"same") != vault.close("here", b"same")


def test_a_broken_seal_says_the_place_and_nothing_of_the_value(vault: Vault) -> None:
    with pytest.raises(SealBrokenError, match=r"^there$") as error:
        vault.open("there", vault.close("here", b"13800138000"))
    assert error.value.__suppress_context__


def test_a_data_key_opens_again_after_being_kept(vault: Vault) -> None:
    wrapped, seal = vault.new_key("journey")
    assert vault.unwrap("journey", wrapped).open("here", seal.close("here", b"text")) == b"text"


def test_a_data_key_is_bound_to_its_place(vault: Vault) -> None:
    wrapped, _ = vault.new_key("journey:1")
    with pytest.raises(SealBrokenError):
        vault.unwrap("journey:2", wrapped)


def test_data_keys_differ(vault: Vault) -> None:
    _, one = vault.new_key("journey")
    _, other = vault.new_key("journey")
    with pytest.raises(SealBrokenError):
        other.open("here", one.close("here", b"text"))


def test_a_digest_finds_the_same_value_again(vault: Vault) -> None:
    assert vault.digest("phone", "1") == Vault(bytes(range(32))).digest("phone", "1")


def test_digests_differ_by_value_purpose_and_key(vault: Vault) -> None:
    digests = {vault.digest("phone", "1"), vault.digest("phone", "2"), vault.digest("code", "1")}
    assert len(digests | {OTHER.digest("phone", "1")}) == 4


def test_a_token_hash_is_sha256() -> None:
    assert token_hash("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
