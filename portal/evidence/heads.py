"""A head of the ledger: the root over the events since the head before, signed, one line of JSON.

Each names the digest of the line before it, so that the last one stands for all. Where a backup
was restored a head of its own kind says which heads the database still had; those after it were
superseded, and stay in the file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from portal.evidence.canonical import canonical, strict
from portal.evidence.signing import Subject, genuine, key_id, sign
from portal.evidence.tree import leaf_hash

NOTHING_BEFORE = "0" * 64
"""What the first head names as the line before."""


class HeadKind(StrEnum):
    EVENTS = "events"
    RESTORED = "restored"


class BadHeadError(Exception):
    """A line of the heads is not what was written there. Its text says what is wrong."""

    def __init__(self, number: int, what: str) -> None:
        super().__init__(f"head {number}: {what}")
        self.number, self.what = number, what


@dataclass(frozen=True)
class Head:
    number: int
    kind: HeadKind
    at: str
    first_seq: int
    last_seq: int
    """Less than ``first_seq`` where it covers nothing."""
    count: int
    root: str
    previous: str
    """SHA-256 of the line before it."""
    keeps: int
    """The head it follows in the ledger: the one before it, unless a backup was restored."""
    key: str
    signature: str

    @classmethod
    def signed(cls, key: Ed25519PrivateKey, **body: Any) -> Self:
        body["key"] = key_id(key.public_key())
        return cls(**body, signature=sign(key, Subject.HEAD, canonical(body)).hex())

    @classmethod
    def of(cls, fields: Any) -> Self:
        """The head that these fields make. Raises ValueError."""
        if not isinstance(fields, dict) or {k: type(v) for k, v in fields.items()} != _FIELDS:
            raise ValueError("no head")
        return cls(**{**fields, "kind": HeadKind(fields["kind"])})

    @classmethod
    def of_line(cls, line: str) -> Self:
        """Raises ValueError."""
        head = cls.of(strict(line.encode()))
        if head.line != line:
            raise ValueError("no head as it was written")
        return head

    @property
    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in _FIELDS}

    @property
    def line(self) -> str:
        return canonical(self.fields).decode()

    @property
    def digest(self) -> str:
        return sha256(self.line.encode()).hexdigest()

    def genuine(self, key: Ed25519PublicKey) -> bool:
        body = self.fields
        del body["signature"]
        try:
            signature = bytes.fromhex(self.signature)
        except ValueError:
            return False
        return signature.hex() == self.signature and genuine(
            key, Subject.HEAD, canonical(body), signature
        )


_FIELDS: Mapping[str, type] = {
    name: int if name in {"number", "first_seq", "last_seq", "count", "keeps"} else str
    for name in Head.__dataclass_fields__
}


def leaf(seq: int, event_hash: str) -> bytes:
    """The leaf of an event: its hash, and the place it has."""
    return leaf_hash(f"{seq}:{event_hash}".encode())


def chained(lines: Iterable[str], key: Ed25519PublicKey) -> Iterator[Head]:
    """Every head of the file, the first one first. Raises BadHeadError at the first that is not
    signed, or does not stand on the one before."""
    previous = NOTHING_BEFORE
    for number, line in enumerate(lines, 1):
        try:
            head = Head.of_line(line)
        except ValueError:
            raise BadHeadError(number, "not readable") from None
        if head.number != number:
            raise BadHeadError(number, f"head {head.number} stands in its place")
        if not head.genuine(key):
            raise BadHeadError(number, "not signed with this key")
        if head.previous != previous:
            raise BadHeadError(number, "does not stand on the head before it")
        previous = head.digest
        yield head
