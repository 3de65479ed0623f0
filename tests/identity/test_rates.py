import pytest

from portal.identity.limits import Buckets
from portal.identity.rates import PAUSE, failures, network, number_digest, sends, sent
from portal.store.vault import Vault

PHONE, NEIGHBOUR, STRANGER = "+8619900000001", "+8619900009999", "+8613800138000"


def names(
    vault: Vault, phone: str = PHONE, address: str = "192.0.2.1", *, reserved: bool = False
) -> set[str]:
    return set(sends(vault, phone, address, reserved=reserved)) | set(
        sent(vault, phone, reserved=reserved)
    )


def maxima(buckets: Buckets) -> dict[str, int]:
    return {limit.name: limit.maximum for limits in buckets.values() for limit in limits}


def test_asking_for_a_code_counts_for_number_and_address(vault: Vault) -> None:
    assert maxima(sends(vault, PHONE, "192.0.2.1", reserved=False)) == {
        "send_pause": 1,
        "number_hour": 5,
        "number_day": 10,
        "address_hour": 100,
        "address_day": 500,
    }


def test_a_code_that_is_sent_counts_for_the_prefix_and_everybody(vault: Vault) -> None:
    assert maxima(sent(vault, PHONE, reserved=False)) == {
        "prefix_hour": 100,
        "prefix_day": 500,
        "everybody_minute": 1200,
    }


def test_a_reserved_code_counts_for_neither(vault: Vault) -> None:
    assert sent(vault, PHONE, reserved=True) == {}


def test_the_reserve_shares_only_the_pause_with_strangers(vault: Vault) -> None:
    reserve = sends(vault, PHONE, "192.0.2.1", reserved=True)
    shared = set(reserve) & names(vault)
    assert [reserve[name] for name in shared] == [(PAUSE,)]
    own = [limits for name, limits in reserve.items() if name not in shared]
    assert [(limit.name, limit.maximum) for limit in own[0]] == [
        ("reserve_hour", 3),
        ("reserve_day", 6),
    ]


def test_neighbours_share_the_prefix_and_strangers_do_not(vault: Vault) -> None:
    assert len(names(vault) & names(vault, NEIGHBOUR, "192.0.2.2")) == 2
    assert names(vault) & names(vault, STRANGER, "192.0.2.2") == {"everybody"}


def test_bucket_names_carry_no_number_and_no_address(vault: Vault) -> None:
    text = " ".join(names(vault) | set(failures(number_digest(vault, PHONE), reserved=False)))
    assert not any(personal in text for personal in ("1990000", "192.0.2"))


def test_the_reserve_has_failures_of_its_own() -> None:
    assert failures("n", reserved=True).keys().isdisjoint(failures("n", reserved=False))


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_ipv6_subscriber_is_a_64_network(address: str, expected: str) -> None:
    assert network(address) == expected
