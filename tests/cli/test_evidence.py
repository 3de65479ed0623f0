"""``flask evidence …``: verifying, reading one journey, checking a receipt without a database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from flask import Flask

from portal import create_workshop
from portal.evidence import keys
from portal.evidence.canonical import canonical
from portal.evidence.ledger import Actor, Kind
from portal.services import Services
from portal.settings import Settings
from portal.store.tables import Closure
from tests.cast import COINS
from tests.closure.journeys import events_of, submitted
from tests.evidence.world import CONTENT, Ledger
from tests.fakes import FakeClock
from tests.work import work

Flask_ = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """Runs ``flask evidence`` with these arguments."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["evidence", *args])


@pytest.fixture
def ledger(services: Services, clock: FakeClock) -> Ledger:
    return Ledger(services.store, services.vault, services.witness, clock)


@pytest.fixture
def closure(services: Services) -> Closure:
    made = submitted(services, COINS)
    work(services)
    return made


class TestVerify:
    def test_a_good_ledger_is_told_in_counts_and_speed(self, flask: Flask_, ledger: Ledger) -> None:
        ledger.grow(3)
        ledger.anchor()
        ledger.grow(1)
        told = flask("verify")
        assert told.exit_code == 0
        first, second, third = told.output.splitlines()
        assert first == "4 events, 1 of them not yet anchored"
        assert second == "1 heads, 0 of them superseded"
        assert third.endswith(" events per second")

    def test_the_first_bad_event_and_head_are_told(self, flask: Flask_, ledger: Ledger) -> None:
        ledger.grow(3)
        ledger.anchor()
        event = ledger.events()[1]
        ledger.attack("UPDATE event SET actor = 'x' WHERE seq > 1", "DELETE FROM anchor")
        told = flask("verify")
        assert told.exit_code == 1
        assert told.output.splitlines()[3:] == [
            "BAD: head 1: the database lacks it",
            f"BAD: event 2 ({event.id}): changed",
        ]


class TestAnchor:
    def test_a_head_is_signed_by_hand(self, flask: Flask_, ledger: Ledger) -> None:
        ledger.grow(1)
        assert flask("anchor").output.strip() == ledger.witness.heads.last()
        assert flask("anchor").output == "nothing new\n"

    def test_a_lost_folder_is_one_line_and_can_be_filled(
        self, flask: Flask_, ledger: Ledger
    ) -> None:
        for _ in range(2):
            ledger.grow(1)
            ledger.anchor()
        ledger.witness.heads.path.unlink()
        assert flask("anchor").output.startswith("Error: The database knows heads that")
        assert flask("anchor", "--refill").exit_code == 0
        assert flask("verify").exit_code == 0


class TestShow:
    def test_a_journey_is_told_in_local_time_with_what_was_sealed(
        self, flask: Flask_, closure: Closure
    ) -> None:
        told = flask("show", closure.reference).output
        assert "2026-11-22 10:00:00  closure.submitted  person\n" in told
        assert f"    reference: {closure.reference}\n" in told
        assert f"    [evidence] phone: {COINS.phone}\n" in told
        assert "已销毁" not in told

    def test_what_its_keys_sealed_is_gone_after_their_term(
        self, flask: Flask_, services: Services, closure: Closure, clock: FakeClock
    ) -> None:
        with services.store.begin() as session:
            keys.expire(session, clock() + services.settings.evidence_term)
            keys.destroy(session, closure.journey_id, keys.Purpose.BUSINESS)
        told = flask("show", closure.reference).output
        assert "    [evidence] 已销毁\n" in told
        assert "    [business] 已销毁\n" in told
        for personal in (COINS.phone, COINS.id):
            assert personal not in told
        assert flask("verify").exit_code == 0

    @pytest.mark.parametrize("destroyed", [(), tuple(keys.Purpose)])
    def test_looking_is_told_too(
        self, flask: Flask_, services: Services, closure: Closure, destroyed: tuple
    ) -> None:
        with services.store.begin() as session:
            keys.destroy(session, closure.journey_id, *destroyed)
        flask("show", closure.reference)
        last = events_of(services, closure)[-1]
        assert (last.kind, last.actor) == (Kind.LOOKED, Actor.OPERATOR)
        assert (last.evidence, last.business) == (None, None)

    def test_a_sealed_part_that_was_altered_is_said_to_be(
        self, flask: Flask_, ledger: Ledger, closure: Closure
    ) -> None:
        ledger.attack("UPDATE event SET evidence = business WHERE business IS NOT NULL")
        assert "[evidence] 已被改动，无法读取" in flask("show", closure.reference).output

    def test_an_unknown_reference_is_one_line(self, flask: Flask_) -> None:
        told = flask("show", "ZX-22222-22222")
        assert (told.exit_code, told.output) == (1, "Error: no closure ZX-22222-22222\n")


class TestCheck:
    """With a file, the public key and the published heads: nothing else of the portal is there."""

    @pytest.fixture
    def outside(self, tmp_path: Path) -> Flask_:
        settings = Settings(database_url="postgresql+psycopg://nowhere/", witness=tmp_path / "none")
        runner = create_workshop(settings).test_cli_runner()
        return lambda *args: runner.invoke(args=["evidence", *args])

    @pytest.fixture
    def receipt(self, ledger: Ledger, tmp_path: Path) -> Path:
        ledger.grow(2)
        ledger.issue()
        ledger.anchor()
        file = tmp_path / "receipt.json"
        file.write_bytes(canonical(ledger.document()))
        return file

    def test_a_genuine_one_holds_in_every_part(
        self, outside: Flask_, ledger: Ledger, receipt: Path, tmp_path: Path, flask: Flask_
    ) -> None:
        key = tmp_path / "key.pem"
        key.write_text(flask("key").output)
        heads = str(ledger.witness.heads.path)
        told = outside("check", str(receipt), "--key", str(key), "--heads", heads)
        parts, content = told.output.split("{", 1)
        assert told.exit_code == 0
        assert [line.split()[1] for line in parts.splitlines()] == ["ok"] * 6
        assert json.loads("{" + content)["reference"] == CONTENT["reference"]

    def test_without_heads_that_part_is_left_open(
        self, outside: Flask_, ledger: Ledger, receipt: Path
    ) -> None:
        key = ledger.public_key.public_bytes_raw().hex()
        told = outside("check", str(receipt), "--key", key)
        assert told.exit_code == 0
        assert "head       -\n" in told.output

    def test_a_changed_one_is_named(self, flask: Flask_, receipt: Path) -> None:
        receipt.write_bytes(receipt.read_bytes().replace(b"ZX-7", b"ZX-8", 1))
        told = flask("check", str(receipt))
        assert told.exit_code == 1
        assert "signature  FAILED\n" in told.output
        assert "ZX-8" not in told.output

    def test_the_portal_checks_with_its_own_key_and_heads(
        self, flask: Flask_, receipt: Path
    ) -> None:
        told = flask("check", str(receipt))
        assert told.exit_code == 0
        assert "head       ok\n" in told.output

    @pytest.mark.parametrize("key", ["x", "-----BEGIN", "\x00"])
    def test_what_is_no_key_is_one_line(self, flask: Flask_, receipt: Path, key: str) -> None:
        told = flask("check", str(receipt), "--key", key)
        assert told.exit_code == 1
        assert told.output == "Error: This is no Ed25519 public key in PEM, base64 or hex.\n"

    def test_the_key_is_printed_for_others(self, flask: Flask_, ledger: Ledger) -> None:
        key = load_pem_public_key(flask("key").output.encode())
        assert isinstance(key, Ed25519PublicKey)
        assert key == ledger.public_key
