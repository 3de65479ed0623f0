"""The tree of RFC 6962: the published vectors, and every proof of every small tree."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.evidence.tree import Tree, audit_path, leaf_hash, node_hash, root_by_path

VECTOR_LEAVES = [
    bytes.fromhex(one)
    for one in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
VECTOR_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
"""Of the first 0 to 8 leaves; from the tests of Google's Certificate Transparency."""
SIZES = range(1, 71)


def leaves(size: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(size)]


def by_definition(some: list[bytes]) -> bytes:
    """MTH as RFC 6962, 2.1 writes it."""
    if len(some) == 1:
        return some[0]
    half = 1
    while half * 2 < len(some):
        half *= 2
    return node_hash(by_definition(some[:half]), by_definition(some[half:]))


@pytest.mark.parametrize("size", range(len(VECTOR_ROOTS)))
def test_the_published_vectors_hold(size: int) -> None:
    assert Tree(leaf_hash(one) for one in VECTOR_LEAVES[:size]).root.hex() == VECTOR_ROOTS[size]


def test_a_published_audit_path_holds() -> None:
    path = audit_path([leaf_hash(one) for one in VECTOR_LEAVES], 0)
    assert [step.hex() for step in path] == [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]


@pytest.mark.parametrize("size", SIZES)
def test_the_root_that_grew_is_the_root_by_definition(size: int) -> None:
    assert Tree(leaves(size)).root == by_definition(leaves(size))


@pytest.mark.parametrize("size", SIZES)
def test_every_leaf_has_a_short_proof_that_leads_to_the_root(size: int) -> None:
    some = leaves(size)
    for index in range(size):
        path = audit_path(some, index)
        assert len(path) <= (size - 1).bit_length()
        assert root_by_path(some[index], index, size, path) == Tree(some).root


@given(st.integers(2, 70), st.data())
def test_a_proof_holds_for_its_own_leaf_place_and_steps_only(size: int, data) -> None:
    some = leaves(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1).filter(lambda one: one != index))
    path, root = audit_path(some, index), Tree(some).root
    assert root_by_path(some[other], index, size, path) != root
    assert root_by_path(some[index], other, size, path) != root
    assert root_by_path(some[index], index, size, path[:-1]) != root
    assert root_by_path(some[index], index, size, [*path, root]) != root
    place = data.draw(st.integers(0, len(path) - 1))
    path[place] = sha256(path[place]).digest()
    assert root_by_path(some[index], index, size, path) != root


@given(st.integers(), st.integers(), st.lists(st.binary(), max_size=70))
def test_any_path_gets_an_answer(index: int, size: int, path: list[bytes]) -> None:
    assert root_by_path(b"", index, size, path) is None or 0 <= index < size
