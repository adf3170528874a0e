"""Weeks, months, quarters and days of one's own."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.periods import KINDS, LONGEST, OWN, Period, quarter

DAYS = st.dates(date(1901, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("week", date(2026, 11, 27), date(2026, 11, 23), date(2026, 11, 29)),
        ("week", date(2026, 11, 23), date(2026, 11, 23), date(2026, 11, 29)),
        ("month", date(2028, 2, 10), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 11, 27), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
    ],
)
def test_the_period_of_a_day(kind: str, day: date, first: date, last: date) -> None:
    assert Period.around(kind, day) == Period(kind, first, last)


def test_days_of_ones_own_may_be_named_in_any_order_and_end_after_a_year() -> None:
    assert Period.between(date(2026, 3, 5), date(2026, 3, 1)).days == 5
    assert Period.between(date(2020, 1, 1), date(2026, 1, 1)).days == LONGEST


@given(kind=st.sampled_from(KINDS), day=DAYS, other=DAYS)
def test_periods_follow_each_other_without_a_gap(kind: str, day: date, other: date) -> None:
    one = Period.between(day, other) if kind == OWN else Period.around(kind, day)
    assert one.after().first - one.last == timedelta(days=1)
    assert one.first - one.before().last == timedelta(days=1)
    if kind != OWN:
        assert one.after().before() == one == one.before().after()


def test_quarters_have_names() -> None:
    assert [quarter(date(2026, month, 1)) for month in (1, 3, 4, 12)] == [
        "2026Q1", "2026Q1", "2026Q2", "2026Q4",
    ]  # fmt: skip
