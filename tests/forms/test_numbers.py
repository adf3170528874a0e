"""Fields for whole numbers and money."""

import pytest

from crmlite.forms import Amount, Form, Integer


class Deal(Form):
    count = Integer("Count", least=1, most=500)
    cny = Amount("Amount", currency="CNY")
    jpy = Amount("Amount", currency=lambda: "JPY")
    wan = Amount("Amount in 万元", currency="CNY", unit=10_000)


@pytest.mark.parametrize(
    ("typed", "data"), [("12", 12), ("５００", 500), ("1", 1), (" 1,2 ", None), ("", None)]
)
def test_whole_numbers(sent, typed, data):
    assert sent(Deal, {"count": typed}).count.data == data


@pytest.mark.parametrize("typed", ["0", "501", "-3", "1.5", "1e2", "٣", "x", "9" * 40, "1\x002"])
def test_other_numbers_are_refused_and_shown_again(sent, typed):
    form = sent(Deal, {"count": typed})
    assert form.http_status == 422
    assert form.count.data is None
    assert typed.replace("\x00", "\x00") in form.count()


@pytest.mark.parametrize(
    ("name", "typed", "minor", "written"),
    [
        ("cny", "1,234.5", 123450, "1234.5"),
        ("cny", "12.5万", 12500000, "125000"),
        ("cny", "¥80", 8000, "80"),
        ("cny", "0", 0, "0"),
        ("jpy", "1200", 1200, "1200"),
        ("wan", "50", 50000000, "50"),
        ("wan", "50万", 50000000, "50"),
        ("wan", "0.5", 500000, "0.5"),
    ],
)
def test_amounts_are_whole_minor_units_and_come_back_as_typed(sent, name, typed, minor, written):
    field = sent(Deal, {name: typed})[name]
    assert field.data == minor
    assert field.written(minor) == written
    assert sent(Deal, {name: written})[name].data == minor


@pytest.mark.parametrize("typed", ["abc", "1.2.3", "$5", "-5", "9" * 50, "1\x00"])
def test_what_is_no_amount_is_refused(sent, typed):
    form = sent(Deal, {"cny": typed})
    assert form.http_status == 422
    assert form.cny.data is None


def test_no_amount_is_none(sent):
    assert sent(Deal, {"cny": ""}).cny.data is None
    assert sent(Deal).cny.written(None) == ""
