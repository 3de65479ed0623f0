"""How many cases, messages and wrong secrets: the numbers."""

from datetime import timedelta

from portal.identity.limits import Buckets, Limit
from portal.identity.rates import network
from portal.store.vault import Vault

_HOUR, _DAY = timedelta(hours=1), timedelta(hours=24)

# A company or a carrier's NAT may be behind one address; a machine that floods the desk needs more.
_ADDRESS = (Limit("help_hour", _HOUR, 10), Limit("help_day", _DAY, 30))
# More than a desk can answer: a brake on what an attack from many addresses can do to it.
_EVERYBODY = (Limit("help_everybody_day", _DAY, 2000),)
_CASE = (Limit("help_case_hour", _HOUR, 10), Limit("help_case_day", _DAY, 30))
_WRONG = (Limit("help_wrong_hour", _HOUR, 20),)


def cases(vault: Vault, address: str) -> Buckets:
    """What one new case counts against. ``address`` is the IP address it comes from."""
    return {f"help {_digest(vault, address)}": _ADDRESS, "help everybody": _EVERYBODY}


def messages(vault: Vault, case_id: str) -> Buckets:
    """What one more message in a case counts against."""
    return {f"help messages {vault.digest('help case', case_id)}": _CASE}


def wrong_secrets(vault: Vault, address: str) -> Buckets:
    """What a wrong secret counts against: the address alone. A secret of 140 bits can't be guessed,
    and a limit on the number would let anybody who has heard it shut its owner out."""
    return {f"help wrong {_digest(vault, address)}": _WRONG}


def _digest(vault: Vault, address: str) -> str:
    return vault.digest("address", network(address))
