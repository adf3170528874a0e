"""What a customer's orders say together: how many, how much, how often."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from crmlite.rules.pricing import half_up

YEAR = timedelta(days=365)
LEAST = 3
"""Days of ordering from which on somebody has a usual interval that a forecast may rest on."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What counts of a day: what was bought less what was paid back, and with how many orders."""

    day: date
    amount: int
    orders: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Purchases:
    """All of them together. `interval` is how many days usually lie between two days of ordering: the
    median, None before the second one; `average` is None without orders."""

    orders: int = 0
    bought: int = 0
    average: int | None = None
    first_on: date | None = None
    last_on: date | None = None
    interval: int | None = None


def together(purchases: Iterable[Purchase]) -> Purchases:
    """What these orders say, in whatever order they come."""
    found = list(purchases)
    if not found:
        return Purchases()
    bought, orders = sum(one.amount for one in found), sum(one.orders for one in found)
    days = sorted({one.day for one in found})
    return Purchases(
        orders=orders,
        bought=bought,
        average=half_up(Fraction(bought, orders)),
        first_on=days[0],
        last_on=days[-1],
        interval=median([(later - earlier).days for earlier, later in pairwise(days)]),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Lately:
    """What was bought within a year: that of 365 days up to today. From the day `until` on it is
    another figure; None when nothing falls out of it or comes to it."""

    orders: int = 0
    bought: int = 0
    until: date | None = None


def lately(purchases: Iterable[Purchase], today: date) -> Lately:
    """What these orders say of the year up to today."""
    recent = [one for one in purchases if one.day > today - YEAR]
    found = [one for one in recent if one.day <= today]
    changing = [one.day + YEAR if one.day <= today else one.day for one in recent]
    return Lately(
        orders=sum(one.orders for one in found),
        bought=sum(one.amount for one in found),
        until=min(changing, default=None),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Cycle:
    """How often somebody buys, or buys one product: on how many days so far, the last of them, after how
    many days usually, and when next. The latter two are None before the third day."""

    days: int = 0
    last_on: date | None = None
    interval: int | None = None
    next_on: date | None = None


def cycle(bought_on: Iterable[date]) -> Cycle:
    """The cycle of these days of ordering; what came back wholly is none of them."""
    days = sorted(set(bought_on))
    if not days:
        return Cycle()
    if len(days) < LEAST:
        return Cycle(days=len(days), last_on=days[-1])
    interval = median([(later - earlier).days for earlier, later in pairwise(days)])
    assert interval is not None
    try:
        next_on = days[-1] + timedelta(days=interval)
    except OverflowError:
        next_on = date.max
    return Cycle(days=len(days), last_on=days[-1], interval=interval, next_on=next_on)


def overdue_before(today: date, grace: int) -> date:
    """The day before which a purchase had to be expected to be overdue."""
    return today - timedelta(days=grace)


def overdue(last_on: date | None, interval: int | None, today: date) -> int | None:
    """How long ago the last order was, in hundredths of the usual interval; None where there is
    none."""
    if last_on is None or not interval:
        return None
    return (today - last_on).days * 100 // interval


def median(numbers: list[int]) -> int | None:
    """The one in the middle; between two, rounded half up."""
    if not numbers:
        return None
    found = sorted(numbers)
    middle = len(found) // 2
    if len(found) % 2:
        return found[middle]
    return half_up(Fraction(found[middle - 1] + found[middle], 2))
