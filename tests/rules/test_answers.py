"""How soon a customer answers, in working days."""

from datetime import date, timedelta

import pytest

from crmlite.rules.answers import WINDOW, Answers, Approach, together, working_days

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 31)


def works(day):
    return day.weekday() < 5


def on(day, answered=None):
    """An approach so many days after a Monday, answered so many days after it, or not."""
    came = None if answered is None else MONDAY + timedelta(days=answered)
    return Approach(MONDAY + timedelta(days=day), came)


@pytest.mark.parametrize(
    ("day", "answered", "number"),
    [
        pytest.param(0, 0, 0, id="on the same day"),
        pytest.param(0, 1, 1, id="on the next"),
        pytest.param(4, 7, 1, id="from Friday to Monday"),
        pytest.param(4, 6, 0, id="on Sunday, before the next working day ends"),
        pytest.param(5, 7, 1, id="asked on Saturday, Monday is the first"),
        pytest.param(0, 7, 5, id="a week"),
    ],
)
def test_days_on_which_nobody_works_do_not_count(day, answered, number):
    found = on(day, answered)
    assert working_days(found.day, found.answered, works) == number


def test_who_was_not_asked_is_neither_fast_nor_slow():
    assert together([], TODAY, works) == Answers()


@pytest.mark.parametrize(
    ("took", "days"),
    [((0,), 0), ((0, 1, 4), 1), ((1, 2), 2), ((0, 0, 1, 1), 1), ((3, 4), 4)],
)
def test_the_median_counts_rounded_half_up(took, days):
    found = together([on(0, number) for number in took], TODAY, works)
    assert (found.asked, found.days, found.waiting) == (len(took), days, None)


def test_what_was_not_answered_counts_only_where_nothing_was():
    found = together([on(0), on(1, 1), on(2)], TODAY, works)
    assert (found.asked, found.days, found.waiting) == (3, 0, None)
    found = together([on(7), on(0), on(9)], MONDAY + timedelta(days=10), works)
    assert (found.asked, found.days, found.waiting) == (3, None, 8)


def test_it_says_until_when_it_is_so():
    answered = together([on(3, 3), on(9, 9)], TODAY, works)
    assert answered.until == on(3).day + WINDOW
    waiting = together([on(3)], TODAY, works)
    assert waiting.until == TODAY + timedelta(days=1)
    # On each day up to then it is the same, and on that day another one.
    some = [on(3, 3), on(9, 10)]
    last = answered.until - timedelta(days=1)
    assert together(some, last, works) == together(some, TODAY, works)
    assert together(some, answered.until, works).asked == 1


def test_half_a_year_ago_is_forgotten():
    first = on(0, 2)
    assert together([first], first.day + WINDOW - timedelta(days=1), works).asked == 1
    assert together([first], first.day + WINDOW, works) == Answers()
