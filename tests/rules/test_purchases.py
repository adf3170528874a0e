"""What a customer's orders say together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmlite.rules.purchases import Purchase, Purchases, together

FIRST = date(2026, 1, 1)


def on(*days, amount=1000):
    return [Purchase(FIRST + timedelta(days=day), amount) for day in days]


def test_without_orders_there_is_nothing_to_say():
    assert together([]) == Purchases()


def test_one_order_has_no_interval():
    assert together(on(3)) == Purchases(
        orders=1,
        bought=1000,
        average=1000,
        first_on=date(2026, 1, 4),
        last_on=date(2026, 1, 4),
        interval=None,
    )


@pytest.mark.parametrize(
    ("days", "interval"),
    [
        pytest.param((0, 30), 30, id="two orders"),
        pytest.param((0, 30, 70), 35, id="between two"),
        pytest.param((0, 30, 61), 31, id="30.5 goes up"),
        pytest.param((0, 10, 20, 200), 10, id="one long break is not the usual"),
        pytest.param((5, 5, 5), None, id="three on one day are one day"),
        pytest.param((0, 0, 30), 30, id="two on the first day"),
        pytest.param((30, 0), 30, id="in whatever order they come"),
    ],
)
def test_the_usual_interval_is_the_median_of_those_between_days(days, interval):
    assert together(on(*days)).interval == interval


def test_the_average_is_rounded_half_up():
    found = together([Purchase(FIRST, 1), Purchase(FIRST, 2)])
    assert (found.bought, found.average) == (3, 2)


@given(some.lists(some.tuples(some.integers(0, 800), some.integers(0, 10**12)), min_size=1))
def test_they_hold_together(told):
    found = together([Purchase(FIRST + timedelta(days=day), amount) for day, amount in told])
    assert found.orders == len(told)
    assert found.bought == sum(amount for _day, amount in told)
    assert found.first_on <= found.last_on
    if found.interval is not None:
        assert 1 <= found.interval <= (found.last_on - found.first_on).days
