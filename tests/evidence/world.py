"""A ledger of one's own: it grows, is anchored, and can be attacked as its owner could."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.evidence import keys, ledger
from portal.evidence.anchor import anchor, mark_restored
from portal.evidence.heads import Head
from portal.evidence.ledger import Actor, Kind
from portal.evidence.witness import Witness
from portal.store.engine import Store
from portal.store.tables import DataKey, Event
from portal.store.vault import Vault
from tests.fakes import FakeClock

JOURNEY = "j" * 32
PHONE = "+8619900000001"
TERM = timedelta(days=1096)

_FREE_ON_SQLITE = ("update", "delete", "replace")


@dataclass(frozen=True)
class Ledger:
    store: Store
    vault: Vault
    witness: Witness
    clock: FakeClock

    @property
    def public_key(self) -> Ed25519PublicKey:
        return self.vault.signing_key.public_key()

    @property
    def on_postgresql(self) -> bool:
        return self.store.engine.dialect.name == "postgresql"

    def record(self, session: Session, **more: Any) -> Event:
        """One event with sealed facts in the journey, whose keys are made on the way."""
        if session.get(DataKey, (JOURNEY, keys.Purpose.EVIDENCE)) is None:
            keys.create(session, self.vault, JOURNEY, self.clock() + TERM)
        event = {"kind": Kind.CODE_VERIFIED, "actor": Actor.PERSON, "facts": {"method": "sms"}}
        event |= {"evidence": {"phone": PHONE}, "business": {"assets": 3}, **more}
        return ledger.record(session, self.vault, at=self.clock(), journey_id=JOURNEY, **event)

    def grow(self, by: int) -> list[Event]:
        with self.store.begin() as session:
            return [self.record(session) for _ in range(by)]

    def events(self) -> list[Event]:
        with self.store.begin() as session:
            return list(session.scalars(select(Event).order_by(Event.seq)))

    def try_anchor(self, **how: bool) -> Head | None:
        return anchor(self.store, self.vault, self.witness, self.clock, **how)

    def anchor(self) -> Head:
        head = self.try_anchor()
        assert head is not None
        return head

    def try_mark_restored(self) -> Head | None:
        return mark_restored(self.store, self.vault, self.witness, self.clock)

    def mark_restored(self) -> Head:
        head = self.try_mark_restored()
        assert head is not None
        return head

    def attack(self, *statements: str) -> None:
        """Change the ledger as only the owner of its tables can: the triggers go first."""
        with self.store.begin() as session:
            if self.on_postgresql:
                session.execute(text("DROP TRIGGER IF EXISTS event_refuse ON event"))
            else:
                for name in _FREE_ON_SQLITE:
                    session.execute(text(f"DROP TRIGGER IF EXISTS event_{name}"))
            for statement in statements:
                session.execute(text(statement))
