"""Ed25519 signatures that anybody can check with the portal's public key alone.

What is signed begins with what it is: a signed receipt can't be passed off as a signed head.
"""

import binascii
from base64 import b64decode
from enum import StrEnum
from hashlib import sha256

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)


class Subject(StrEnum):
    HEAD = "zhilian-closure-head-1"
    RECEIPT = "zhilian-closure-receipt-1"


class PublicKeyError(ValueError):
    """This is no Ed25519 public key in PEM, base64 or hex."""


def sign(key: Ed25519PrivateKey, subject: Subject, body: bytes) -> bytes:
    return key.sign(_signed(subject, body))


def genuine(key: Ed25519PublicKey, subject: Subject, body: bytes, signature: bytes) -> bool:
    """Whether the owner of the key signed exactly this."""
    try:
        key.verify(signature, _signed(subject, body))
    except InvalidSignature:
        return False
    return True


def key_id(key: Ed25519PublicKey) -> str:
    """A short name for the key, to know which one signed."""
    return sha256(key.public_bytes_raw()).hexdigest()[:16]


def named(key: Ed25519PublicKey) -> dict[str, str]:
    """The key as a receipt names it."""
    return {"id": key_id(key), "public": key.public_bytes_raw().hex()}


def pem(key: Ed25519PublicKey) -> str:
    """The key as a file that other tools read."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def read_public_key(text: str) -> Ed25519PublicKey:
    """The key written as PEM, or its 32 bytes as base64 or hex. Raises PublicKeyError."""
    text = text.strip()
    try:
        if text.startswith("-----BEGIN"):
            key = load_pem_public_key(text.encode())
        else:
            raw = bytes.fromhex(text) if len(text) == 64 else b64decode(text, validate=True)
            key = Ed25519PublicKey.from_public_bytes(raw)
    except (ValueError, binascii.Error, UnsupportedAlgorithm):
        raise PublicKeyError from None
    if not isinstance(key, Ed25519PublicKey):
        raise PublicKeyError
    return key


def _signed(subject: Subject, body: bytes) -> bytes:
    return f"{subject}\n".encode() + body
