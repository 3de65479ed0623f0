"""Signatures by the portal's key, and reading the public half of it."""

from base64 import b64encode

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from portal.evidence.signing import PublicKeyError, Subject, genuine, read_public_key, sign
from portal.store.vault import Vault


def pem(key) -> str:
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_signature_holds_for_its_own_subject_and_text_only(vault: Vault) -> None:
    signature = sign(vault.signing_key, Subject.HEAD, b"text")
    public = vault.signing_key.public_key()
    assert genuine(public, Subject.HEAD, b"text", signature)
    assert not genuine(public, Subject.RECEIPT, b"text", signature)
    assert not genuine(public, Subject.HEAD, b"texts", signature)
    assert not genuine(public, Subject.HEAD, b"text", b"")


def test_the_same_master_key_signs_alike_and_another_does_not(vault: Vault) -> None:
    def signed(master: bytes) -> bytes:
        return sign(Vault(master).signing_key, Subject.HEAD, b"text")

    assert signed(bytes(range(32))) == sign(vault.signing_key, Subject.HEAD, b"text")
    assert signed(bytes(32)) != signed(bytes(range(32)))


def test_a_public_key_is_read_in_every_usual_spelling(vault: Vault) -> None:
    public = vault.signing_key.public_key()
    raw = public.public_bytes_raw()
    for text in (pem(public), raw.hex(), b64encode(raw).decode(), f"\n {raw.hex()}\n"):
        assert read_public_key(text).public_bytes_raw() == raw


@pytest.mark.parametrize(
    "text", ["", "x", "é", "00" * 31, "zz" * 32, "-----BEGIN PUBLIC KEY-----", "A" * 10_000]
)
def test_anything_else_is_no_key(text: str) -> None:
    with pytest.raises(PublicKeyError):
        read_public_key(text)


def test_a_key_of_another_kind_is_none() -> None:
    with pytest.raises(PublicKeyError):
        read_public_key(pem(generate_private_key(SECP256R1()).public_key()))
