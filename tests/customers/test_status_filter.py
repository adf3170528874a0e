"""The status line is found by what it is called, in either language, and by people's own words."""

import re

import pytest
from flask import Flask

from crmlite.testing import SignIn
from tests.customers.records import add

LINES = {
    "Keyed": "awaiting-payment",
    "Own": "Payment came in two parts",
    "Key-like": "awaiting-signs",
    "None": None,
}


@pytest.fixture
def book(app: Flask) -> None:
    """Customers with one of the list, with words of their own, and with none."""
    for name, status in LINES.items():
        add(app, "manager", name=name, status=status)


def test_a_status_is_found_by_its_label(sign_in: SignIn, book):
    client = sign_in("manager")
    expected = {
        "is~Awaiting payment": {"Keyed"},
        "is~awaiting PAYMENT": {"Keyed"},
        "is~待付款": {"Keyed"},
        "is~awaiting-payment": {"Keyed"},
        "is~payment came in two parts": {"Own"},
        "is_not~待付款": {"Own", "Key-like", "None"},
        "contains~payment": {"Keyed", "Own"},
        "contains~付款": {"Keyed"},
        "contains~awaiting-": {"Key-like"},
        "lacks~payment": {"Key-like", "None"},
        "starts~Await": {"Keyed", "Key-like"},
        "empty": {"None"},
        "filled": {"Keyed", "Own", "Key-like"},
    }
    found = {}
    for asked in expected:
        page = client.get("/customers", query_string={"w": f"status~{asked}"}).text
        found[asked] = set(re.findall(r'class="name" href="[^"]+">([^<]+)<', page))
    assert found == expected


def test_the_filter_says_the_label(sign_in: SignIn, book):
    page = sign_in("manager").get("/customers?w=status~is~awaiting-payment").text
    assert re.search(r"Status is.{0,80}Awaiting payment", page, re.DOTALL)
