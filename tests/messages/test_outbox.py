from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.messages import outbox
from portal.messages.outbox import MessageKind, State
from portal.store.engine import Store
from portal.store.tables import Message, Task
from portal.store.vault import SealBrokenError, Vault
from tests.fakes import FakeClock
from tests.messages.post import PHONE, TEXT, post


def messages(store: Store) -> list[Message]:
    with store.begin() as session:
        return list(session.scalars(select(Message)))


@pytest.mark.usefixtures("both_databases")
def test_a_message_waits_sealed_with_its_task_due(
    store: Store, vault: Vault, clock: FakeClock
) -> None:
    task_id = post(store, vault, clock)
    with store.begin() as session:
        task = session.scalars(select(Task)).one()
    (message,) = messages(store)
    assert (task.id, task.kind, task.subject) == (task_id, "message", message.id)
    assert task.due_at == clock()
    assert (message.kind, message.state) == (MessageKind.CODE, State.QUEUED)
    assert vault.open(outbox.place(message.id, "text"), message.text or b"") == TEXT.encode()
    assert vault.open(outbox.place(message.id, "phone"), message.phone or b"") == PHONE.encode()


def test_what_is_sealed_fits_no_other_message(store: Store, vault: Vault, clock: FakeClock) -> None:
    post(store, vault, clock)
    post(store, vault, clock)
    one, other = messages(store)
    with pytest.raises(SealBrokenError):
        vault.open(outbox.place(one.id, "text"), other.text or b"")


def test_nothing_is_posted_when_the_transaction_fails(
    store: Store, vault: Vault, clock: FakeClock
) -> None:
    def fail() -> None:
        with store.begin() as session:
            outbox.post(session, vault, clock(), MessageKind.CODE, PHONE, TEXT, clock())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with store.begin() as session:
        assert (session.scalar(select(Message)), session.scalar(select(Task))) == (None, None)


def test_messages_go_a_day_after_they_lost_their_use(
    store: Store, vault: Vault, clock: FakeClock
) -> None:
    post(store, vault, clock)
    for now, left in ((clock() + timedelta(hours=24), 1), (clock.advance(hours=24, minutes=10), 0)):
        with store.begin() as session:
            outbox.prune(session, now)
        assert len(messages(store)) == left


def test_decided_messages_go_a_day_after(store: Store, vault: Vault, clock: FakeClock) -> None:
    post(store, vault, clock)
    with store.begin() as session:
        later = clock() + timedelta(days=5)
        session.execute(update(Message).values(expires_at=later, decided_at=clock()))
        outbox.prune(session, clock.advance(hours=24))
    assert messages(store) == []
