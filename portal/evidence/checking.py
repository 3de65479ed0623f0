"""Checking a receipt that somebody hands in: with the public key and the heads, no database.

Whatever is handed in is judged and never raises; the work is bounded by its length.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from itertools import islice
from typing import Any, Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from portal.evidence.canonical import canonical, strict
from portal.evidence.heads import Head, leaf
from portal.evidence.receipt import digest, statement
from portal.evidence.signing import Subject, genuine, named
from portal.evidence.tree import root_by_path

LONGEST = 256 * 1024
"""Bytes of a document that are looked at; a receipt has a few thousand."""


class Part(StrEnum):
    """What a receipt shows. The last two are there once a head covers its event."""

    FORM = "form"
    """It is the document of a receipt, whole and nothing else."""
    KEY = "key"
    """It names the portal's key."""
    SIGNATURE = "signature"
    """The portal signed its content together with its event."""
    EVENT = "event"
    """The event is the one of this content."""
    PROOF = "proof"
    """The event is under the head, which the portal signed."""
    HEAD = "head"
    """The head is among the heads, and those after it stand on it."""


@dataclass(frozen=True)
class Verdict:
    parts: Mapping[Part, bool]
    """Which parts hold; what is not in it could not be judged."""
    content: Mapping[str, Any] | None
    """What the receipt says; None unless the portal signed it."""

    @property
    def failed(self) -> list[Part]:
        return [part for part, holds in self.parts.items() if not holds]

    @property
    def genuine(self) -> bool:
        """Nothing of it is wrong; it may be too young for a proof."""
        return not self.failed


def check(data: bytes, key: Ed25519PublicKey, heads: Iterable[str] | None = None) -> Verdict:
    """Judge a document; ``heads`` are the lines of the public file, None where it is not at hand.

    Raises OSError where the heads can't be read.
    """
    try:
        if len(data) > LONGEST:
            raise ValueError("too long")
        given = _Document.of(strict(data))
    except ValueError:
        return Verdict({Part.FORM: False}, None)
    parts = {
        Part.FORM: True,
        Part.KEY: given.key == named(key),
        Part.SIGNATURE: given.is_signed(key),
        Part.EVENT: given.has_its_event(),
    }
    if given.proof:
        parts[Part.PROOF] = given.proof.covers(given.seq, given.event_hash, key)
        if heads is not None:
            parts[Part.HEAD] = _stands(given.proof.head, heads, key)
    return Verdict(parts, given.content if parts[Part.SIGNATURE] else None)


@dataclass(frozen=True)
class _Proof:
    head: Head
    index: int
    path: list[bytes]

    @classmethod
    def of(cls, proof: Any, head: Any) -> Self:
        """Raises ValueError."""
        _expect(proof, head=int, index=int, size=int, path=list)
        made = cls(Head.of(head), proof["index"], [_unhex(one, 32) for one in proof["path"]])
        if (proof["head"], proof["size"]) != (made.head.number, made.head.count):
            raise ValueError("the proof is for another head")
        return made

    def covers(self, seq: int, event_hash: str, key: Ed25519PublicKey) -> bool:
        root = root_by_path(leaf(seq, event_hash), self.index, self.head.count, self.path)
        if root is None or root.hex() != self.head.root:
            return False
        return self.head.first_seq <= seq <= self.head.last_seq and self.head.genuine(key)


@dataclass(frozen=True)
class _Document:
    content: dict[str, Any]
    signature: bytes
    key: dict[str, str]
    event: dict[str, Any]
    """The preimage of the event's hash."""
    seq: int
    proof: _Proof | None

    @classmethod
    def of(cls, value: Any) -> Self:
        """Raises ValueError."""
        proven = isinstance(value, dict) and ("proof" in value or "head" in value)
        later = {"proof": dict, "head": dict} if proven else {}
        _expect(value, content=dict, signature=str, key=dict, event=dict, **later)
        event = dict(value["event"])
        seq = event.pop("seq", None)
        if type(seq) is not int:
            raise ValueError("an event without its place")
        return cls(
            content=value["content"],
            signature=_unhex(value["signature"], 64),
            key=value["key"],
            event=event,
            seq=seq,
            proof=_Proof.of(value["proof"], value["head"]) if proven else None,
        )

    @property
    def event_hash(self) -> str:
        return sha256(canonical(self.event)).hexdigest()

    def is_signed(self, key: Ed25519PublicKey) -> bool:
        said = statement(canonical(self.content), self.seq, self.event_hash)
        return genuine(key, Subject.RECEIPT, said, self.signature)

    def has_its_event(self) -> bool:
        facts = self.event.get("facts")
        return isinstance(facts, dict) and facts.get("receipt") == digest(canonical(self.content))


def _expect(value: Any, **fields: type) -> None:
    """Raises ValueError unless it is an object with exactly these fields."""
    if not isinstance(value, dict) or {k: type(v) for k, v in value.items()} != fields:
        raise ValueError("another form")


def _unhex(text: Any, length: int) -> bytes:
    """These bytes, written in the one way they are written. Raises ValueError."""
    if not isinstance(text, str) or len(text) != 2 * length:
        raise ValueError("another length")
    value = bytes.fromhex(text)
    if value.hex() != text:
        raise ValueError("another spelling")
    return value


def _stands(head: Head, lines: Iterable[str], key: Ed25519PublicKey) -> bool:
    """Whether the head has its place in the file, and those after it stand on it: each names the
    digest of the line before, so that the signature of the last one is enough."""
    before = ""
    try:
        for line in islice(lines, head.number - 1, None):
            if before:
                stands = json.loads(line)["previous"] == sha256(before.encode()).hexdigest()
            else:
                stands = line == head.line
            if not stands:
                return False
            before = line
        return bool(before) and Head.of_line(before).genuine(key)
    except (ValueError, LookupError, TypeError, RecursionError):
        return False
