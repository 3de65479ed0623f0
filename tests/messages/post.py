"""A message to test with."""

from datetime import timedelta

from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.store.engine import Store
from portal.store.vault import Vault
from tests.fakes import FakeClock

PHONE, TEXT = "+8619900000001", "【智联】验证码480135"


def post(store: Store, vault: Vault, clock: FakeClock) -> str:
    """Put the message in the outbox, good for ten minutes; answer its task's id."""
    with store.begin() as session:
        return outbox.post(
            session,
            vault,
            clock(),
            MessageKind.CODE,
            PHONE,
            TEXT,
            clock() + timedelta(minutes=10),
        )
