"""Quantities and discounts as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmlite.rules.quantities import (
    Discount,
    parse_discount,
    parse_quantity,
    written_quantity,
    written_rate,
)


@pytest.mark.parametrize(
    ("typed", "thousandths"),
    [
        ("3", 3000),
        ("2.5", 2500),
        ("2,5", 2500),
        ("1,200", 1_200_000),
        ("０.１２５", 125),
        ("  7 ", 7000),
        ("", None),
    ],
)
def test_quantities_that_are_read(typed, thousandths):
    found = parse_quantity(typed)
    assert found.ok
    assert found.value == thousandths


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("three", "quantity_unreadable"),
        ("-3", "quantity_unreadable"),
        ("0", "quantity_nothing"),
        ("0.0001", "quantity_too_fine"),
        ("9999999999", "quantity_too_large"),
        ("1" * 100, "quantity_unreadable"),
    ],
)
def test_quantities_that_are_refused(typed, code):
    assert [problem.code for problem in parse_quantity(typed).problems] == [code]


@pytest.mark.parametrize(
    ("typed", "discount"),
    [
        ("10%", Discount(rate=1000)),
        ("12.5 %", Discount(rate=1250)),
        ("１０％", Discount(rate=1000)),
        ("9折", Discount(rate=1000)),
        ("8.5折", Discount(rate=1500)),
        ("85折", Discount(rate=1500)),
        ("100%", Discount(rate=10_000)),
        ("50", Discount(amount=5000)),
        ("¥12.50", Discount(amount=1250)),
        ("", None),
    ],
)
def test_discounts_that_are_read(typed, discount):
    found = parse_discount(typed, "CNY")
    assert found.ok
    assert found.value == discount


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("101%", "discount_too_large"),
        ("a lot", "discount_unreadable"),
        ("-5", "amount_negative"),
        ("€5", "amount_currency"),
    ],
)
def test_discounts_that_are_refused(typed, code):
    assert [problem.code for problem in parse_discount(typed, "CNY").problems] == [code]


@given(some.integers(1, 10**12))
def test_a_quantity_is_read_as_it_was_written(thousandths):
    assert parse_quantity(written_quantity(thousandths)).value == thousandths


@given(some.integers(0, 10_000))
def test_a_rate_is_read_as_it_was_written(rate):
    assert parse_discount(written_rate(rate), "CNY").value == Discount(rate=rate)
