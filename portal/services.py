"""What every flow is given: the few things it can't do by itself, chosen in ``wiring``."""

from dataclasses import dataclass
from typing import Protocol

from portal.accounts.system import AccountSystem
from portal.clock import Clock
from portal.evidence.witness import Witness
from portal.messages.gateway import SmsGateway
from portal.messages.texts import Texts
from portal.notice.register import Register
from portal.settings import Settings
from portal.store.engine import Store
from portal.store.vault import Vault


class Bell(Protocol):
    """Tells the workers that tasks are due. Losing a ring is harmless: the dispatcher looks too."""

    def ring(self, *task_ids: str, downloads: bool = False, patient: bool = False) -> bool:
        """Whether the workers could be told, those for downloads or all others; never raises.

        They do these tasks before what waits already, unless the ring is ``patient``.
        """


@dataclass(frozen=True)
class Services:
    settings: Settings
    clock: Clock
    store: Store
    vault: Vault
    witness: Witness
    notices: Register
    accounts: AccountSystem
    gateway: SmsGateway
    texts: Texts
    bell: Bell
