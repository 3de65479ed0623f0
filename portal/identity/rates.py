"""How many codes and how many wrong answers: the numbers (ASVS 6.5.5, 6.6.3; SP 800-63B 3.2.2).

Whoever is proved to own an open closure (its private link, or signed in) has a small reserve of
sends and failures that nobody else can use up, so that nobody can block restoring an account by
burning the limits of its number, of its neighbours, or of the address it comes from.
"""

import ipaddress
from datetime import timedelta

from portal.identity.limits import Buckets, Limit
from portal.store.vault import Vault

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24)

PAUSE = Limit("send_pause", _MINUTE, 1)
"""Between two codes to one number, whoever asks for them."""

_NUMBER = (Limit("number_hour", _HOUR, 5), Limit("number_day", _DAY, 10))
_RESERVE = (Limit("reserve_hour", _HOUR, 3), Limit("reserve_day", _DAY, 6))
# A whole company behind one address, or a carrier's NAT, stays far below this, and a person closes
# an account once; a machine that walks through numbers does not.
_ADDRESS = (Limit("address_hour", _HOUR, 100), Limit("address_day", _DAY, 500))
# The 10,000 numbers that differ in the last four digits, walked through from many addresses. Only
# codes that are sent count: otherwise one address could shut out all who have such a number.
_PREFIX = (Limit("prefix_hour", _HOUR, 100), Limit("prefix_day", _DAY, 500))
# A brake on what an attack can cost, high above what all people together do in a minute.
_EVERYBODY = (Limit("everybody_minute", _MINUTE, 1200),)
_FAILURES = (Limit("failures", _HOUR, 10),)
_ALARMS = (Limit("alarm_day", _DAY, 1),)
# Several who leave at once may name one colleague, and one may name several; more is a nuisance.
_NAMED, _NAMES = (Limit("named_day", _DAY, 3),), (Limit("names_day", _DAY, 20),)
_LINKS = (Limit("link_day", _DAY, 3),)


def number_digest(vault: Vault, phone: str) -> str:
    """How a phone number is kept here: as a keyed digest."""
    return vault.digest("number", phone)


def sends(vault: Vault, phone: str, address: str, *, reserved: bool) -> Buckets:
    """What one code to this number counts against. ``address`` is the asking IP address."""
    number = number_digest(vault, phone)
    pause = {f"pause {number}": (PAUSE,)}
    if reserved:
        return pause | {f"reserved sends {number}": _RESERVE}
    return pause | {
        f"sends {number}": _NUMBER,
        f"address {vault.digest('address', network(address))}": _ADDRESS,
    }


def sent(vault: Vault, phone: str, *, reserved: bool) -> Buckets:
    """What a code counts against only if it is really sent; looked at for every number alike."""
    if reserved:
        return {}
    return {f"prefix {vault.digest('prefix', phone[:-4])}": _PREFIX, "everybody": _EVERYBODY}


def failures(number: str, *, reserved: bool) -> Buckets:
    """What a wrong answer for this number (its digest) counts against."""
    return {f"{'reserved ' if reserved else ''}failures {number}": _FAILURES}


def alarms(vault: Vault, phone: str) -> Buckets:
    """What telling the owner of this number about wrong answers counts against."""
    return {f"alarms {number_digest(vault, phone)}": _ALARMS}


def links(closure_id: str) -> Buckets:
    """What sending the private link once more counts against."""
    return {f"links {closure_id}": _LINKS}


def successors(vault: Vault, closure_id: str, to: str) -> Buckets:
    """What telling this colleague that the closure names them counts against."""
    return {f"named {vault.digest('named', to)}": _NAMED, f"names {closure_id}": _NAMES}


def network(address: str) -> str:
    """What one subscriber has: an IPv4 address, or the /64 of an IPv6 address.

    Texts that are no address are all one network.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))
