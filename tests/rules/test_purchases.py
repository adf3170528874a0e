"""What a customer's orders say together."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from crmlite.rules.purchases import (
    YEAR,
    Lately,
    Purchase,
    Purchases,
    lately,
    overdue,
    together,
)

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


def test_what_was_bought_within_a_year_falls_out_of_it_day_by_day():
    some = on(0, 100, 200)
    today = FIRST + timedelta(days=364)
    found = lately(some, today)
    assert (found.orders, found.bought, found.until) == (3, 3000, FIRST + YEAR)
    assert lately(some, FIRST + YEAR) == Lately(
        orders=2, bought=2000, until=FIRST + timedelta(days=100) + YEAR
    )
    assert lately(some, FIRST + timedelta(days=565)) == Lately()
    assert lately([], today) == Lately()


@pytest.mark.parametrize(
    ("days", "interval", "percent"),
    [(30, 30, 100), (45, 30, 150), (0, 30, 0), (100, 7, 1428), (30, None, None)],
)
def test_how_long_the_last_order_is_ago_is_told_in_hundredths_of_the_usual(days, interval, percent):
    assert overdue(FIRST, interval, FIRST + timedelta(days=days)) == percent
    assert overdue(None, interval, FIRST) is None
