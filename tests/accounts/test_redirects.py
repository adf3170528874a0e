"""Addresses to go on to lead to this site only."""

import pytest

from crmlite.accounts.redirects import own_address


@pytest.mark.parametrize("target", ["/", "/today", "/customers/C001?a=1&b=%2F#x", "/客户?q=陈"])
def test_addresses_of_this_site_pass(target):
    assert own_address(target) == target


@pytest.mark.parametrize(
    "target",
    [
        None, "", "today", "//x", "///x", "/\\x", "\\x", "/\t/x", "/\n/x", "/\r/x", "/ /x", "/a\\b",
        "/\x00", "/\x7f", "http://x", "https:x", "http:///x", "javascript:x", " /today", "?a", "#a",
        "/" + "x" * 2001,
    ],
)  # fmt: skip
def test_all_others_do_not(target):
    assert own_address(target) is None
