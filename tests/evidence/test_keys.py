"""Two keys a journey, which can be destroyed apart."""

import pytest

from portal.evidence import keys
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.store.engine import Store
from portal.store.vault import SealBrokenError, Vault

JOURNEY = "j" * 32


def test_what_one_key_sealed_the_other_does_not_open(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        keys.create(session, vault, JOURNEY)
        sealed = keys.seal(session, vault, JOURNEY, Purpose.BUSINESS).close("place", b"facts")
        with pytest.raises(SealBrokenError):
            keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE).open("place", sealed)


def test_a_destroyed_key_opens_nothing_and_the_other_stays(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        keys.create(session, vault, JOURNEY)
        keys.destroy(session, JOURNEY, Purpose.BUSINESS)
        assert keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE)
        with pytest.raises(KeyDestroyedError):
            keys.seal(session, vault, JOURNEY, Purpose.BUSINESS)
