"""Issuing receipts: one event that names the receipt, one signature over both."""

import pytest
from sqlalchemy import select

from portal.evidence import anchor
from portal.evidence.canonical import canonical
from portal.evidence.checking import check
from portal.evidence.ledger import Kind, event_hash
from portal.evidence.receipt import ReceiptKind, digest
from portal.store.tables import Event, Receipt
from tests.evidence.world import CLOSURE, CONTENT, PHONE, Ledger

pytestmark = pytest.mark.usefixtures("both_databases")


def test_the_event_names_the_receipt_and_the_receipt_the_event(ledger: Ledger) -> None:
    ledger.issue()
    with ledger.store.begin() as session:
        receipt = session.get_one(Receipt, (CLOSURE, ReceiptKind.SUBMISSION))
        event = session.scalars(select(Event).where(Event.id == receipt.event_id)).one()
    assert event.facts == {"reference": "ZX-7K3MP-9QXTA", "receipt": digest(receipt.content)}
    assert event.kind == Kind.SUBMITTED


def test_the_content_says_which_receipt_it_is(ledger: Ledger) -> None:
    content = ledger.issue()["content"]
    assert content == {**CONTENT, "format": "zhilian-closure-receipt/1", "kind": "submission"}


def test_a_document_brings_its_event_without_ciphertext(ledger: Ledger) -> None:
    document = ledger.issue()
    event = ledger.events()[-1]
    shown = dict(document["event"])
    assert shown.pop("seq") == event.seq
    assert digest(canonical(shown)) == event.hash == event_hash(event)


def test_nothing_personal_is_in_it(ledger: Ledger) -> None:
    ledger.grow(2)
    ledger.issue()
    ledger.anchor()
    text = canonical(ledger.document()).decode()
    for personal in (PHONE, PHONE[3:], "acc-1"):
        assert personal not in text
    for event in ledger.events():
        assert event.evidence is not None
        assert event.evidence.hex() not in text


@pytest.mark.parametrize("around", [(0, 0), (0, 1), (6, 0), (3, 9), (64, 64)])
def test_a_proof_joins_with_the_next_head(ledger: Ledger, around: tuple[int, int]) -> None:
    before, after = around
    ledger.grow(3)
    ledger.anchor()
    ledger.grow(before)
    assert "proof" not in ledger.issue()
    ledger.grow(after)
    head = ledger.anchor()
    document = ledger.document()
    size = before + 1 + after
    proof = document["proof"]
    assert (proof["head"], proof["index"], proof["size"]) == (2, before, size)
    assert len(proof["path"]) <= (size - 1).bit_length()
    assert document["head"] == head.fields


def test_a_proof_reads_what_is_under_its_head_and_no_more(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(anchor, "MOST", 8)
    ledger.grow(20)
    ledger.issue()
    ledger.grow(20)
    heads = ledger.anchors()
    document = ledger.document()
    assert (document["proof"]["head"], document["proof"]["size"]) == (3, 8)
    lines = [head.line for head in heads]
    assert check(canonical(document), ledger.public_key, lines).genuine
