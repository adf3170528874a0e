"""Addresses count by the network that they are in."""

import pytest

from crmlite.networks import network


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("127.0.0.1", "127.0.0.0/24"),
        (None, "local"),
        ("", "local"),
        ("unix:", "local"),
        ("not an address", "local"),
    ],
)
def test_addresses_count_by_network(address, found):
    assert network(address) == found
