"""Verifying the ledger beside a bare loop that only reads the rows and hashes them once.

Memory is measured at ten times the events: it must not grow along. Proofs grow by one step each
time the events double.
"""

import json
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from sqlalchemy import text

from portal.evidence import keys
from portal.evidence.anchor import anchor
from portal.evidence.ledger import Actor, Kind, record
from portal.evidence.tree import audit_path
from portal.evidence.verify import verify
from portal.evidence.witness import Witness
from portal.store.engine import Store, make_engine
from portal.store.migrate import upgrade
from portal.store.vault import Vault
from tests.fakes import FakeClock

_FEW, _MANY = 3_000, 30_000
_EVERY = 500
"""Events under one head."""
_VAULT, _CLOCK = Vault(bytes(32)), FakeClock()


def measure() -> list[str]:
    with _ledger(_MANY) as (store, witness):
        judged, bare = _seconds(lambda: _verified(store, witness)), _seconds(lambda: _bare(store))
        many = _peak(lambda: _verified(store, witness))
    with _ledger(_FEW) as (store, witness):
        few = _peak(lambda: _verified(store, witness))
    steps = [len(audit_path([bytes(32)] * size, size // 2)) for size in (1_000, 1_000_000)]
    return [
        (
            f"verifying {_MANY} events: {_MANY / judged:.0f} events a second of processor time,"
            f" {judged / bare:.2f} x the time of a loop that reads and hashes the rows once"
            f" ({_MANY / bare:.0f} a second)"
        ),
        (
            f"memory of that at {_MANY // _FEW} x the events: {many / few:.2f} x"
            f" ({many / 1e6:.1f} MB, {few / 1e6:.1f} MB)"
        ),
        f"a proof among 1,000 and 1,000,000 events: {steps[0]} and {steps[1]} steps",
    ]


@contextmanager
def _ledger(size: int) -> Iterator[tuple[Store, Witness]]:
    """This many events of usual size on SQLite, all of them anchored."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(make_engine(f"sqlite:///{name}/portal.db"))
        upgrade(store.engine)
        witness = Witness(Path(name) / "witness")
        for number in range(0, size, _EVERY):
            _grow(store, f"{number:032}")
            anchor(store, _VAULT, witness, _CLOCK)
        yield store, witness
        store.engine.dispose()


def _grow(store: Store, journey_id: str) -> None:
    with store.begin() as session:
        keys.create(session, _VAULT, journey_id, _CLOCK())
        for _ in range(_EVERY):
            record(
                session,
                _VAULT,
                at=_CLOCK(),
                journey_id=journey_id,
                kind=Kind.CODE_VERIFIED,
                actor=Actor.PERSON,
                facts={"version": "2025V1", "source_sha256": "0" * 64, "language": "zh-Hans"},
                evidence={"account": "0" * 32, "phone": "+8619900000001"},
            )


def _verified(store: Store, witness: Witness) -> None:
    assert verify(store, witness, _VAULT.signing_key.public_key()).good


def _bare(store: Store) -> None:
    with store.engine.connect() as connection:
        for row in connection.execute(text("SELECT * FROM event ORDER BY seq")).yield_per(1000):
            sha256(json.dumps(list(row), default=bytes.hex).encode()).digest()


def _seconds(call: Callable[[], None]) -> float:
    """Of the processor: one thread does all of it, and others may be busy beside it."""
    before = time.process_time()
    call()
    return time.process_time() - before


def _peak(call: Callable[[], None]) -> float:
    tracemalloc.start()
    call()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak
