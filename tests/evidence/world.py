"""A ledger of one's own: it grows, is anchored, and can be attacked as its owner could."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from portal.evidence import keys, ledger
from portal.evidence.anchor import anchor, mark_restored
from portal.evidence.heads import Head
from portal.evidence.ledger import Actor, Kind
from portal.evidence.receipt import ReceiptKind, document, issue
from portal.evidence.verify import Report, verify
from portal.evidence.witness import Witness
from portal.store.engine import Store
from portal.store.tables import Closure, DataKey, Event, Receipt
from portal.store.vault import Vault
from tests.fakes import FakeClock

JOURNEY = "j" * 32
PHONE = "+8619900000001"
TERM = timedelta(days=1096)
CLOSURE = "c" * 32
CONTENT = {"reference": "ZX-7K3MP-9QXTA", "outcomes": [{"category": "简历", "rows": 12}]}

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
        """One event with sealed facts in the journey."""
        self._have_keys(session)
        event = {"kind": Kind.CODE_VERIFIED, "actor": Actor.PERSON, "facts": {"method": "sms"}}
        event |= {"evidence": {"phone": PHONE}, "business": {"assets": 3}, **more}
        return ledger.record(session, self.vault, at=self.clock(), journey_id=JOURNEY, **event)

    def _have_keys(self, session: Session) -> None:
        if session.get(DataKey, (JOURNEY, keys.Purpose.EVIDENCE)) is None:
            keys.create(session, self.vault, JOURNEY, self.clock() + TERM)

    def grow(self, by: int) -> list[Event]:
        with self.store.begin() as session:
            return [self.record(session) for _ in range(by)]

    def events(self) -> list[Event]:
        with self.store.begin() as session:
            return list(session.scalars(select(Event).order_by(Event.seq)))

    def anchors(self, **how: bool) -> list[Head]:
        return anchor(self.store, self.vault, self.witness, self.clock, **how)

    def try_anchor(self, **how: bool) -> Head | None:
        """The last one, where there is any."""
        return (self.anchors(**how) or [None])[-1]

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

    def issue(self) -> dict[str, Any]:
        """A closure that is submitted now, and the document of its receipt."""
        with self.store.begin() as session:
            self._have_keys(session)
            session.add(_closure(self.clock()))
            session.flush()
            receipt = issue(
                session,
                self.vault,
                CLOSURE,
                ReceiptKind.SUBMISSION,
                CONTENT,
                at=self.clock(),
                journey_id=JOURNEY,
                actor=Actor.PERSON,
                facts={"reference": CONTENT["reference"]},
                evidence={"account": "acc-1", "phone": PHONE},
            )
            return document(session, self.vault, receipt)

    def document(self) -> dict[str, Any]:
        with self.store.begin() as session:
            receipt = session.get_one(Receipt, (CLOSURE, ReceiptKind.SUBMISSION))
            return document(session, self.vault, receipt)

    def verify(self, key: Ed25519PublicKey | None = None) -> Report:
        return verify(self.store, self.witness, key or self.public_key)

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

    @contextmanager
    def attacked(self, *statements: str) -> Iterator[Report]:
        """What a verification finds after an attack, which is undone at the end of the block."""
        keep = [f"CREATE TABLE {one}_kept AS SELECT * FROM {one}" for one in ("event", "anchor")]
        self.attack(*keep, *statements)
        yield self.verify()
        for one in ("event", "anchor"):
            self.attack(
                f"DELETE FROM {one}",
                f"INSERT INTO {one} SELECT * FROM {one}_kept",
                f"DROP TABLE {one}_kept",
            )


def _closure(at: datetime) -> Closure:
    return Closure(
        id=CLOSURE,
        reference=CONTENT["reference"],
        journey_id=JOURNEY,
        state="pending",
        version=1,
        account_id="acc-1",
        identity_ids=[],
        whole=True,
        shared_jobs_too=False,
        notice_version="2025V1",
        submitted_at=at,
        erase_at=at,
        promise_at=at,
        changed_at=at,
        access_confirmed=True,
    )
