import sqlite3
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import select, update

from portal.messages.gateway import GatewayAnswerUnknownError, GatewayError
from portal.messages.outbox import State
from portal.messages.sending import SendLaterError, send
from portal.store.engine import Store
from portal.store.tables import Message
from portal.store.vault import SealBrokenError, Vault
from tests.fakes import FakeClock
from tests.messages.post import PHONE, TEXT, post
from tests.races import at_once


@dataclass
class Provider:
    """A gateway that keeps what it was given, and fails as it is told."""

    fails: list[Exception] = field(default_factory=list)
    taken: list[tuple[str, str, str]] = field(default_factory=list)

    def send(self, phone: str, text: str, key: str) -> None:
        self.taken.append((phone, text, key))
        if self.fails:
            raise self.fails.pop(0)


@dataclass
class Office:
    """An outbox with one message in it, and everything to send it with."""

    store: Store
    vault: Vault
    clock: FakeClock
    provider: Provider = field(default_factory=Provider)

    def __post_init__(self) -> None:
        post(self.store, self.vault, self.clock)

    def message(self) -> Message:
        with self.store.begin() as session:
            return session.scalars(select(Message)).one()

    def send(self) -> Message:
        send(self.store, self.vault, self.provider, self.clock, self.message().id)
        return self.message()


@pytest.fixture
def office(store: Store, vault: Vault, clock: FakeClock) -> Office:
    return Office(store, vault, clock)


def wiped(message: Message) -> bool:
    return message.phone is None and message.text is None and message.decided_at is not None


@pytest.mark.usefixtures("both_databases")
def test_a_message_is_sent_once_and_wiped(office: Office) -> None:
    for _ in range(2):
        message = office.send()
        assert message.state == State.SENT
        assert wiped(message)
    assert office.provider.taken == [(PHONE, TEXT, message.id)]


def test_a_message_that_came_too_late_is_dropped_and_wiped(office: Office) -> None:
    office.clock.advance(minutes=10)
    message = office.send()
    assert message.state == State.DROPPED
    assert wiped(message)
    assert office.provider.taken == []


@pytest.mark.parametrize(
    ("failure", "state"),
    [
        (GatewayError("MOBILE_NUMBER_ILLEGAL", permanent=True), State.FAILED),
        (GatewayAnswerUnknownError(), State.UNKNOWN),
    ],
)
def test_a_message_that_can_not_be_sent_again_is_wiped(
    office: Office, failure: Exception, state: State
) -> None:
    office.provider.fails = [failure]
    for _ in range(2):
        message = office.send()
        assert message.state == state
        assert wiped(message)
    assert len(office.provider.taken) == 1


def test_what_the_gateway_can_not_take_now_is_sent_later(office: Office) -> None:
    office.provider.fails = [GatewayError("BUSINESS_LIMIT_CONTROL", permanent=False)]
    with pytest.raises(SendLaterError, match="BUSINESS_LIMIT_CONTROL"):
        office.send()
    assert office.message().state == State.QUEUED
    assert office.send().state == State.SENT
    assert len({key for _, _, key in office.provider.taken}) == 1


def test_a_sender_that_died_leaves_an_unknown_answer_and_no_second_sms(office: Office) -> None:
    office.provider.fails = [SystemExit()]
    with pytest.raises(SystemExit):
        office.send()
    assert office.message().state == State.SENDING
    message = office.send()
    assert message.state == State.UNKNOWN
    assert wiped(message)
    assert len(office.provider.taken) == 1


def test_an_answer_that_comes_after_the_message_was_given_up_changes_nothing(
    office: Office,
) -> None:
    class Slow(Provider):
        def send(self, phone: str, text: str, key: str) -> None:
            super().send(phone, text, key)
            if len(self.taken) == 1:
                office.send()
                raise GatewayError("THROTTLED", permanent=False)

    office.provider = Slow()
    with pytest.raises(SendLaterError):
        office.send()
    assert office.message().state == State.UNKNOWN
    assert len(office.provider.taken) == 1


def test_the_gateway_is_called_with_no_transaction_open(office: Office) -> None:
    class Writing(Provider):
        def send(self, phone: str, text: str, key: str) -> None:
            with office.store.begin() as session:
                session.execute(update(Message).values(kind="written"))

    office.provider = Writing()
    assert office.send().kind == "written"


@pytest.mark.usefixtures("both_databases")
def test_of_two_senders_who_both_found_it_queued_one_sends(office: Office) -> None:
    class Waiting(Vault):
        both = Barrier(2)

        def open(self, place: str, sealed: bytes) -> bytes:
            # SQLite lets only one of them come this far: nobody to wait for.
            with suppress(BrokenBarrierError):
                self.both.wait(0.3)
            return super().open(place, sealed)

    office.vault = Waiting(bytes(range(32)))
    at_once(2, lambda _: office.send())
    assert len(office.provider.taken) == 1


def test_a_message_that_is_gone_is_nothing_to_do(office: Office) -> None:
    send(office.store, office.vault, office.provider, office.clock, "unknown")
    assert office.provider.taken == []


def test_a_foreign_key_sends_nothing_and_loses_nothing(office: Office) -> None:
    with pytest.raises(SealBrokenError):
        send(office.store, Vault(bytes(32)), office.provider, office.clock, office.message().id)
    assert office.message().state == State.QUEUED
    assert office.send().state == State.SENT


def test_nothing_of_a_sent_message_is_left_in_the_files(office: Office, tmp_path: Path) -> None:
    before = office.message()
    secrets = [before.text or b"", before.phone or b"", b"480135", PHONE[3:].encode()]
    assert any(secrets[0] in content(path) for path in tmp_path.iterdir())
    office.send()
    with closing(sqlite3.connect(tmp_path / "portal.db")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    found = [path.name for path in tmp_path.iterdir() for one in secrets if one in content(path)]
    assert found == []


def content(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
