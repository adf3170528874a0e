"""What comes again: month ends and 29 February as people mean them, nothing missed comes twice."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.repeating import MOST, UNITS, Repeat

DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


def following(every: int, unit: str, since: str, today: str, turns: int = 1) -> list[str]:
    """The next days of a series, each time as of `today`."""
    repeat, found = Repeat(every, unit, date.fromisoformat(since)), []
    for _turn in range(turns):
        repeat = repeat.following(date.fromisoformat(today))
        found.append(repeat.day.isoformat())
    return found


@pytest.mark.parametrize(
    ("every", "unit", "since", "today", "days"),
    [
        (1, "days", "2026-02-28", "2026-02-28", ["2026-03-01", "2026-03-02"]),
        (2, "weeks", "2026-11-02", "2026-11-02", ["2026-11-16", "2026-11-30"]),
        # done early: it comes when it would have come anyway
        (2, "weeks", "2026-11-02", "2026-10-20", ["2026-11-16"]),
        # done late: what was missed is left out
        (1, "weeks", "2026-11-02", "2026-11-25", ["2026-11-30"]),
        (1, "weeks", "2026-11-02", "2026-11-30", ["2026-12-07"]),
        (1, "months", "2026-01-31", "2026-01-31", ["2026-02-28", "2026-03-31", "2026-04-30"]),
        (1, "months", "2024-01-30", "2024-01-30", ["2024-02-29", "2024-03-30"]),
        (1, "months", "2026-01-31", "2026-02-28", ["2026-03-31"]),
        (12, "months", "2024-02-29", "2024-02-29", ["2025-02-28", "2026-02-28"]),
        (12, "months", "2024-02-29", "2027-03-01", ["2028-02-29"]),
        (3, "months", "2026-11-30", "2026-11-30", ["2027-02-28", "2027-05-30"]),
    ],
)
def test_the_next_days_of_a_series(every, unit, since, today, days):
    assert following(every, unit, since, today, len(days)) == days


@given(st.sampled_from(UNITS), st.integers(1, 60), DAYS, DAYS)
def test_the_next_turn_is_the_first_that_is_still_to_come(unit, every, since, today):
    repeat = Repeat(every, unit, since)
    found = repeat.following(today)
    before = Repeat(every, unit, since, found.turn - 1)
    assert found.day > today and found.turn > 0
    assert before.day <= today or before.turn == 0
    assert Repeat.read(found.stored()) == found


@pytest.mark.parametrize(
    ("every", "unit"), [(0, "days"), (1, "years"), *((MOST[unit] + 1, unit) for unit in UNITS)]
)
def test_what_nobody_means_is_refused(every, unit):
    with pytest.raises(ValueError, match=unit):
        Repeat(every, unit, date(2026, 1, 1))
