"""What is secret at rest: sealing, keyed digests, and the keys for both and for signing.

Sealing is AES-256-GCM with a random nonce; the *place* (table, row, column) is authenticated with
it, so a sealed value can't be moved to another row. All keys come from the one master key by
HKDF; a data key of its own can be made, wrapped, and later destroyed, with all that it sealed.
"""

import hmac
import json
import secrets
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE_BYTES = 12


class SealBrokenError(Exception):
    """A sealed value was altered, moved, or sealed with another key."""


class Seal:
    """Seals and opens values with one 256-bit key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def close(self, place: str, value: bytes) -> bytes:
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, value, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """Raises SealBrokenError."""
        try:
            return self._cipher.decrypt(
                sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode()
            )
        except (InvalidTag, ValueError):
            raise SealBrokenError(place) from None

    def close_json(self, place: str, value: Any) -> bytes:
        return self.close(place, json.dumps(value, ensure_ascii=False, sort_keys=True).encode())

    def open_json(self, place: str, sealed: bytes) -> Any:
        """Raises SealBrokenError."""
        return json.loads(self.open(place, sealed))


class Vault(Seal):
    """The master key's seal, keyed digests and signature, and data keys wrapped by it."""

    def __init__(self, master_key: bytes) -> None:
        super().__init__(_derive(master_key, "seal"))
        self._digest_key = _derive(master_key, "digest")
        self.signing_key = Ed25519PrivateKey.from_private_bytes(_derive(master_key, "sign"))
        """Signs heads of the ledger and receipts."""

    def digest(self, purpose: str, value: str) -> str:
        """HMAC-SHA256 of a value, as hex: finds or compares it without keeping it."""
        return hmac.new(self._digest_key, f"{purpose}\0{value}".encode(), sha256).hexdigest()

    def new_key(self, place: str) -> tuple[bytes, Seal]:
        """A fresh data key: wrapped for keeping, and as a seal to use now."""
        key = secrets.token_bytes(32)
        return self.close(place, key), Seal(key)

    def unwrap(self, place: str, wrapped: bytes) -> Seal:
        """Raises SealBrokenError."""
        return Seal(self.open(place, wrapped))


def token_hash(token: str) -> str:
    """How a random token (128 bits or more) is kept: it can't be guessed, so SHA-256 is enough."""
    return sha256(token.encode()).hexdigest()


def _derive(master_key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, None, f"portal {purpose}".encode()).derive(master_key)
