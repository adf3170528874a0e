"""Amounts are read to the last minor unit, with 万 and 亿, and never in the wrong currency."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.amounts import (
    MOST,
    exponent,
    parse_amount,
    parse_number,
    written_currency,
)


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1200", 120_000),
        ("1,200.50", 120_050),
        ("１，２００．５０", 120_050),
        ("12.5万", 12_500_000),
        ("12万元", 12_000_000),
        ("1.2 亿元", 12_000_000_000),
        ("3百万", 300_000_000),
        ("5w", 5_000_000),
        ("¥100", 10_000),
        ("￥100.05", 10_005),
        ("RMB 12", 1_200),
        ("12 CNY", 1_200),
        ("人民币1200元整", 120_000),
        ("100块", 10_000),
        ("1.200,50", 120_050),
        ("1200,5", 120_050),
        ("1 200", 120_000),
        (".5", 50),
        ("0.30000000000000004", 30),
        ("0", 0),
    ],
)
def test_amounts_of_yuan_in_fen(text, fen):
    checked = parse_amount(text)
    assert (checked.value, checked.problems) == (fen, ())


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("£80", "GBP", 8_000),
        ("€5k", "EUR", 500_000),
        ("US$ 1.5m", "USD", 150_000_000),
        ("¥1200", "JPY", 1_200),
        ("1.234", "KWD", 1_234),
    ],
)
def test_other_currencies_have_their_own_decimals(text, currency, minor):
    assert parse_amount(text, currency=currency).value == minor


def test_the_header_unit_applies_to_what_has_none_of_its_own():
    assert parse_amount("50", unit=10_000) == parse_amount("50万", unit=10_000)
    assert parse_amount("128.5", unit=10_000).value == 128_500_000


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("abc", "amount_unreadable"),
        ("1,2000", "amount_unreadable"),
        ("1e5", "amount_unreadable"),
        ("١٢", "amount_unreadable"),
        ("12万万", "amount_unreadable"),
        ("1.2.3", "amount_unreadable"),
        ("9" * 5000, "amount_unreadable"),
        ("£80", "amount_currency"),
        ("12 usd", "amount_currency"),
        ("-5", "amount_negative"),
        ("99999999999999", "amount_out_of_range"),
    ],
)
def test_what_is_no_amount_of_yuan_is_said_clearly(text, code):
    assert (parse_amount(text).value, codes(parse_amount(text))) == (None, [code])


def test_less_than_a_fen_is_rounded_half_up_and_mentioned():
    assert (parse_amount("0.125").value, codes(parse_amount("0.125"))) == (13, ["amount_rounded"])


def test_below_zero_where_it_makes_sense():
    assert parse_amount("-5", negative=True).value == -500
    assert parse_amount("−5", negative=True).value == -500


@given(st.integers(0, MOST), st.sampled_from(["CNY", "JPY", "KWD"]))
def test_every_amount_comes_back_from_its_plain_spelling(minor, currency):
    places = exponent(currency)
    text = f"{Decimal(minor).scaleb(-places):,f}"
    assert parse_amount(text, currency=currency).value == minor


@given(st.text())
def test_no_text_is_too_much(text):
    for checked in (parse_amount(text), parse_number(text)):
        assert checked.value is None or checked.ok
    written_currency(text)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("£80", "GBP"),
        ("12 eur", "EUR"),
        ("100美元", "USD"),
        ("¥5", None),
        ("80", None),
        ("x", None),
    ],
)
def test_a_currency_that_is_written_is_known(text, currency):
    assert written_currency(text) == currency


@pytest.mark.parametrize(
    ("text", "number"), [("95.5", 95.5), ("12.0", 12), ("-3", -3), ("2万", 20_000), ("", None)]
)
def test_plain_numbers(text, number):
    checked = parse_number(text)
    assert (checked.value, type(checked.value)) == (number, type(number))
    assert checked.problems == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("12%", "number_unreadable"), ("¥3", "number_unreadable"), ("9" * 14, "number_too_large")],
)
def test_what_is_no_plain_number(text, code):
    assert codes(parse_number(text)) == [code]
