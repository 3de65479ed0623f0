"""Events: sealed facts, a hash over everything, and no way to change them."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.evidence import keys
from portal.evidence.canonical import canonical
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Actor, Kind, event_hash, preimage, read, record
from portal.store.engine import Store
from portal.store.tables import Event
from portal.store.vault import Vault

JOURNEY = "j" * 32
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def written(session: Session, vault: Vault) -> Event:
    keys.create(session, vault, JOURNEY, NOW)
    return record(
        session,
        vault,
        at=NOW,
        journey_id=JOURNEY,
        kind=Kind.CODE_VERIFIED,
        actor=Actor.PERSON,
        facts={"method": "sms"},
        evidence={"phone": "+8619900000001"},
        business={"assets": 3},
    )


def test_sealed_facts_can_be_read_with_their_key_only(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        event = written(session, vault)
        keys.destroy(session, JOURNEY, Purpose.BUSINESS)
        assert read(session, vault, event, Purpose.EVIDENCE) == {"phone": "+8619900000001"}
        with pytest.raises(KeyDestroyedError):
            read(session, vault, event, Purpose.BUSINESS)


def test_an_event_without_sealed_facts_has_none_to_read(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        event = record(
            session, vault, at=NOW, journey_id=JOURNEY, kind=Kind.CLOSED, actor=Actor.PORTAL
        )
        assert read(session, vault, event, Purpose.BUSINESS) is None


def test_the_hash_holds_after_a_reload_and_after_the_keys_died(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        written(session, vault)
    with store.begin() as session:
        keys.destroy(session, JOURNEY, *Purpose)
        event = session.scalars(select(Event)).one()
        assert event.hash == event_hash(event)


@pytest.mark.parametrize("field", ["id", "journey_id", "kind", "actor", "evidence", "business"])
def test_changing_any_field_changes_the_hash(store: Store, vault: Vault, field: str) -> None:
    with store.begin() as session:
        event = written(session, vault)
        session.expunge(event)
    value = getattr(event, field)
    setattr(event, field, b"other" if isinstance(value, bytes) else "other")
    assert event.hash != event_hash(event)


def test_no_personal_fact_is_readable_in_the_row(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        event = written(session, vault)
    row = f"{event.facts} {event.evidence!r} {event.business!r}"
    assert "19900000001" not in row


def test_what_the_hash_covers_shows_no_ciphertext(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        event = written(session, vault)
    shown = canonical(preimage(event))
    assert sha256(shown).hexdigest() == event.hash
    for sealed in (event.evidence, event.business):
        assert sealed is not None
        assert sealed not in shown
        assert sealed.hex().encode() not in shown
        assert sha256(sealed).hexdigest().encode() in shown


def test_facts_hash_as_they_will_be_read_again(store: Store, vault: Vault) -> None:
    facts = {"pairs": (1, 2), "by_number": {10: "ten", 9: "nine"}}
    with store.begin() as session:
        record(
            session,
            vault,
            at=NOW,
            journey_id=JOURNEY,
            kind=Kind.CLOSED,
            actor=Actor.PORTAL,
            facts=facts,
        )
    with store.begin() as session:
        event = session.scalars(select(Event)).one()
        assert event.hash == event_hash(event)


def test_an_event_knows_its_place_at_once(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        assert written(session, vault).seq == 1
