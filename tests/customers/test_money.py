"""Amounts are shown as they were typed, whatever their currency."""

import pytest
from flask import Flask

from crmlite.customers.words import money
from crmlite.history.wording import amount
from crmlite.rules.amounts import exponent, parse_amount
from crmlite.settings.places import currencies


@pytest.mark.parametrize("engine", ["sqlite"])
def test_every_currency_is_shown_as_it_is_read(inside: Flask) -> None:
    for code in currencies():
        minor = parse_amount("1286000", currency=code).value
        assert minor == 1_286_000 * 10 ** exponent(code)
        for shown in (money(minor, code), amount(minor, code)):
            assert shown.endswith("1,286,000"), (code, shown)


@pytest.mark.parametrize("engine", ["sqlite"])
def test_decimals_are_those_of_the_currency(inside: Flask) -> None:
    assert money(150, "RSD").endswith("1.50")
    assert money(1500, "KWD").endswith("1.500")
    assert money(-150, "GBP") == "-£1.50"
