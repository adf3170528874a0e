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
    cycle,
    lately,
    overdue,
    overdue_before,
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


def test_what_is_ordered_for_a_later_day_comes_to_the_year_on_that_day():
    some, today = on(0, 40), FIRST + timedelta(days=10)
    later = FIRST + timedelta(days=40)
    assert lately(some, today) == Lately(orders=1, bought=1000, until=later)
    assert lately(some, later) == Lately(orders=2, bought=2000, until=FIRST + YEAR)


@pytest.mark.parametrize(
    ("days", "interval", "percent"),
    [(30, 30, 100), (45, 30, 150), (0, 30, 0), (100, 7, 1428), (30, None, None)],
)
def test_how_long_the_last_order_is_ago_is_told_in_hundredths_of_the_usual(days, interval, percent):
    assert overdue(FIRST, interval, FIRST + timedelta(days=days)) == percent
    assert overdue(None, interval, FIRST) is None


@pytest.mark.parametrize(
    ("days", "interval", "next_after"),
    [
        ((), None, None),
        ((0, 30), None, None),  # two are no habit
        ((0, 0, 30), None, None),  # nor are two days
        ((0, 30, 60), 30, 90),
        ((0, 10, 60), 30, 90),  # the median of 10 and 50
        ((0, 10, 20, 30, 365), 10, 375),  # one long pause changes nothing
        ((60, 0, 30), 30, 90),  # in whatever order
    ],
)
def test_a_cycle_takes_three_days_of_ordering(
    days: tuple[int, ...], interval: int | None, next_after: int | None
) -> None:
    found = cycle(FIRST + timedelta(days=one) for one in days)
    assert found.interval == interval and found.days == len(set(days))
    assert found.next_on == (None if next_after is None else FIRST + timedelta(days=next_after))


@given(some.lists(some.dates(), min_size=3, max_size=20, unique=True))
def test_the_next_purchase_lies_after_the_last(days: list[date]) -> None:
    found = cycle(days)
    assert found.last_on == max(days) and found.interval is not None and found.interval >= 1
    assert found.next_on is not None and (found.next_on > max(days) or found.next_on == date.max)


def test_a_purchase_is_overdue_after_some_days_of_grace() -> None:
    assert overdue_before(FIRST, 0) == FIRST
    assert overdue_before(FIRST, 7) == FIRST - timedelta(days=7)
