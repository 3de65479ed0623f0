"""What every test of the evidence may ask for."""

from pathlib import Path

import pytest

from portal.evidence.witness import Witness
from portal.store.engine import Store
from portal.store.vault import Vault
from tests.evidence.world import Ledger
from tests.fakes import FakeClock


@pytest.fixture
def ledger(store: Store, vault: Vault, clock: FakeClock, tmp_path: Path) -> Ledger:
    """An empty ledger and an empty witness folder."""
    return Ledger(store, vault, Witness(tmp_path / "witness"), clock)
