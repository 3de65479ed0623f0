"""The Merkle tree of RFC 6962, 2.1: one digest over many leaves, and short proofs that a leaf is
among them. A leaf is hashed after 0x00 and a node after 0x01, so neither passes for the other.
"""

from collections.abc import Iterable, Sequence
from hashlib import sha256

LONGEST_PATH = 64
"""More leaves than a proof of this length covers can't be counted by a sequence number."""


def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """A tree that leaves are added to, of which only the roots of its full parts are kept."""

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        self.size = 0
        self._full: list[bytes] = []
        """Roots of full subtrees, the largest first: one for each bit that is set in the size."""
        for leaf in leaves:
            self.add(leaf)

    def add(self, leaf: bytes) -> None:
        """Put one more leaf, by its hash, at the end."""
        size = self.size
        while size & 1:
            leaf = node_hash(self._full.pop(), leaf)
            size >>= 1
        self._full.append(leaf)
        self.size += 1

    @property
    def root(self) -> bytes:
        if not self._full:
            return sha256(b"").digest()
        *left, root = self._full
        for part in reversed(left):
            root = node_hash(part, root)
        return root


def audit_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """What has to be hashed with leaf ``index`` to come to the root, from the leaf upwards."""
    if len(leaves) == 1:
        return []
    half = 1 << ((len(leaves) - 1).bit_length() - 1)
    left, right = leaves[:half], leaves[half:]
    if index < half:
        return [*audit_path(left, index), Tree(right).root]
    return [*audit_path(right, index - half), Tree(left).root]


def root_by_path(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root to which the path leads; None where it fits no tree of that size (RFC 9162,
    2.1.3.2)."""
    if not 0 <= index < size or len(path) > LONGEST_PATH:
        return None
    last, root = size - 1, leaf
    for step in path:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(step, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, step)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None
