"""Two keys a journey, which can be destroyed apart."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.evidence import keys
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.store.engine import Store
from portal.store.vault import SealBrokenError, Vault

JOURNEY = "j" * 32
UNTIL = datetime(2029, 11, 22, tzinfo=UTC)
A_MOMENT = timedelta(microseconds=1)


def test_what_one_key_sealed_the_other_does_not_open(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        keys.create(session, vault, JOURNEY, UNTIL)
        sealed = keys.seal(session, vault, JOURNEY, Purpose.BUSINESS).close("place", b"facts")
        with pytest.raises(SealBrokenError):
            keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE).open("place", sealed)


def test_a_destroyed_key_opens_nothing_and_the_other_stays(store: Store, vault: Vault) -> None:
    with store.begin() as session:
        keys.create(session, vault, JOURNEY, UNTIL)
        keys.destroy(session, JOURNEY, Purpose.BUSINESS)
        assert keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE)
        with pytest.raises(KeyDestroyedError):
            keys.seal(session, vault, JOURNEY, Purpose.BUSINESS)


class TestTerm:
    def test_the_evidence_key_dies_when_its_term_is_over_and_not_before(
        self, store: Store, vault: Vault
    ) -> None:
        with store.begin() as session:
            keys.create(session, vault, JOURNEY, UNTIL)
            assert keys.expire(session, UNTIL - A_MOMENT) == 0
            assert keys.expire(session, UNTIL) == 1
            with pytest.raises(KeyDestroyedError):
                keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE)

    def test_the_business_key_has_no_term(self, store: Store, vault: Vault) -> None:
        with store.begin() as session:
            keys.create(session, vault, JOURNEY, UNTIL)
            keys.expire(session, UNTIL + timedelta(days=9999))
            assert keys.seal(session, vault, JOURNEY, Purpose.BUSINESS)

    @pytest.mark.parametrize(("days", "dead"), [(1, 0), (-1, 1)])
    def test_a_term_is_made_longer_and_never_shorter(
        self, store: Store, vault: Vault, days: int, dead: int
    ) -> None:
        with store.begin() as session:
            keys.create(session, vault, JOURNEY, UNTIL)
            keys.prolong(session, JOURNEY, UNTIL + timedelta(days=days))
            assert keys.expire(session, UNTIL) == dead

    def test_a_dead_key_is_not_made_alive(self, store: Store, vault: Vault) -> None:
        with store.begin() as session:
            keys.create(session, vault, JOURNEY, UNTIL)
            keys.expire(session, UNTIL)
            keys.prolong(session, JOURNEY, UNTIL + timedelta(days=1))
            with pytest.raises(KeyDestroyedError):
                keys.seal(session, vault, JOURNEY, Purpose.EVIDENCE)
