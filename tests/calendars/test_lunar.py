"""Days of the lunar calendar, against a second source, from 1950 to 2050."""

from datetime import date

import pytest
from holidays.calendars.chinese import _ChineseLunisolar as Second

from crmlite.calendars.lunar import festival, lunar_day, yearly

YEARS = range(1950, 2051)
KNOWN = [
    (Second.LUNAR_NEW_YEAR_DATES, 1, 1),
    (Second.BUDDHA_BIRTHDAY_DATES, 4, 8),
    (Second.DRAGON_BOAT_DATES, 5, 5),
    (Second.MID_AUTUMN_DATES, 8, 15),
    (Second.DOUBLE_NINTH_DATES, 9, 9),
]


@pytest.mark.parametrize(("second", "month", "day"), KNOWN)
def test_days_are_those_of_a_second_source(second, month, day):
    for year in YEARS:
        assert lunar_day(year, month, day) == date(year, *second[year]), year


def test_each_day_is_there_once_a_year_and_in_order():
    for year in YEARS:
        days = [lunar_day(year, month, day) for month in range(1, 13) for day in range(1, 30)]
        assert None not in days and days == sorted(set(days))
        assert lunar_day(year + 1, 1, 1) > days[-1]


def test_who_was_born_on_a_thirtieth_has_it_on_the_last_day_of_a_short_month():
    assert lunar_day(2026, 12, 30) == lunar_day(2026, 12, 29) == date(2027, 2, 5)


def test_beyond_what_is_known_there_is_none():
    assert lunar_day(1899, 1, 1) is None and lunar_day(2100, 1, 1) is None


def test_the_29th_of_february_is_kept_on_the_28th():
    assert yearly(2, 29, range(2027, 2029)) == [date(2027, 2, 28), date(2028, 2, 29)]


def test_festivals():
    assert festival("spring_festival", range(2026, 2028)) == [date(2026, 2, 17), date(2027, 2, 6)]
    assert festival("national_day", range(2026, 2027)) == [date(2026, 10, 1)]
