"""Dates that move are found on any day, and each question about days is one range of days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.conditions import FromToday, Span, StartOf, day_range, resolved
from crmlite.rules.conditions.dates import PERIODS, day_from_text, span_of
from tests.rules.conditions.strategies import DAYS, MOVING, SPANS

FRIDAY = date(2024, 3, 15)
TODAYS = st.dates(date(1950, 1, 1), date(2150, 12, 31))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        (FromToday(-60, "d"), date(2024, 1, 15)),
        (FromToday(0, "d"), FRIDAY),
        (FromToday(2, "w"), date(2024, 3, 29)),
        (FromToday(-1, "m"), date(2024, 2, 15)),
        (FromToday(-1, "y"), date(2023, 3, 15)),
        (StartOf("week"), date(2024, 3, 11)),
        (StartOf("week", -1), date(2024, 3, 4)),
        (StartOf("month"), date(2024, 3, 1)),
        (StartOf("month", 10), date(2025, 1, 1)),
        (StartOf("quarter"), date(2024, 1, 1)),
        (StartOf("quarter", -1), date(2023, 10, 1)),
        (StartOf("year", 1), date(2025, 1, 1)),
        (date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_the_day_that_is_meant_on_a_friday_in_march(value, day):
    assert resolved(value, FRIDAY) == day


@pytest.mark.parametrize(
    ("today", "value", "day"),
    [
        pytest.param(date(2024, 1, 31), FromToday(1, "m"), date(2024, 2, 29), id="leap February"),
        pytest.param(date(2023, 1, 31), FromToday(1, "m"), date(2023, 2, 28), id="short February"),
        pytest.param(date(2024, 2, 29), FromToday(-1, "y"), date(2023, 2, 28), id="leap day"),
        pytest.param(date(2024, 12, 31), StartOf("quarter", 1), date(2025, 1, 1), id="new year"),
    ],
)
def test_short_months_and_year_ends(today, value, day):
    assert resolved(value, today) == day


@pytest.mark.parametrize(
    ("operator", "values", "first", "last"),
    [
        ("on", [FRIDAY], FRIDAY, FRIDAY),
        ("before", [FRIDAY], None, date(2024, 3, 14)),
        ("after", [FRIDAY], date(2024, 3, 16), None),
        ("since", [FRIDAY], FRIDAY, None),
        ("until", [FRIDAY], None, FRIDAY),
        ("between", [FromToday(-7, "d"), FromToday(0, "d")], date(2024, 3, 8), FRIDAY),
        ("during", [Span("month", -1)], date(2024, 2, 1), date(2024, 2, 29)),
        ("during", [Span("quarter")], date(2024, 1, 1), date(2024, 3, 31)),
    ],
)
def test_each_question_takes_the_days_it_names(operator, values, first, last):
    start, end = day_range(operator, values, FRIDAY)
    assert start == first
    assert end == (last and last + timedelta(days=1))


@given(DAYS, TODAYS)
def test_before_on_and_after_part_all_days(value, today):
    before, on, after = (day_range(word, [value], today) for word in ("before", "on", "after"))
    assert before.start is None
    assert after.end is None
    assert before.end == on.start
    assert on.end == after.start
    assert day_range("until", [value], today).end == after.start
    assert day_range("since", [value], today).start == before.end


@given(st.sampled_from(PERIODS), st.integers(-30, 30), TODAYS)
def test_periods_follow_each_other_without_a_gap(period, shift, today):
    this = day_range("during", [Span(period, shift)], today)
    following = day_range("during", [Span(period, shift + 1)], today)
    assert this.end == following.start == resolved(StartOf(period, shift + 1), today)
    now = day_range("during", [Span(period)], today)
    assert now.start <= today < now.end


@pytest.mark.parametrize(
    ("operator", "values"), [("is", [FRIDAY]), ("between", [FRIDAY]), ("on", []), ("during", [])]
)
def test_what_names_no_range_is_refused(operator, values):
    with pytest.raises(ValueError, match="no range"):
        day_range(operator, values, FRIDAY)


@pytest.mark.parametrize(
    "make",
    [
        lambda: FromToday(1, "h"),
        lambda: FromToday(10**9, "d"),
        lambda: FromToday(True, "d"),
        lambda: FromToday(1.5, "d"),
        lambda: StartOf("day"),
        lambda: StartOf("month", 1000),
        lambda: Span("decade"),
    ],
)
def test_what_no_calendar_knows_cannot_be_made(make):
    with pytest.raises(ValueError, match="is a"):
        make()


@given(MOVING)
def test_moving_dates_come_back_from_their_text(value):
    assert day_from_text(str(value)) == value


@given(SPANS)
def test_periods_come_back_from_their_text(value):
    assert span_of(str(value)) == value
