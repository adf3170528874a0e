"""When things fall due, by tables that people can check with a calendar on the wall."""

from datetime import timedelta

import pytest

from crmlite.rules.working_time import Calendar, ExceptionalDay, NoWorkingTime, Target, Unit, after
from crmlite.rules.working_time import blocks_of as blocks
from tests.figures import counted
from tests.rules.working_time.calendars import (
    CALENDARS,
    CHINA,
    OFFICIAL,
    SHANGHAI,
    WITH_LUNCH,
    at,
    office_week,
    shown,
)

MINUTES = [
    ("within the morning", "China", "2026-03-02 10:00", 30, "2026-03-02 10:30"),
    ("up to the minute of lunch", "China", "2026-03-02 11:30", 30, "2026-03-02 12:00"),
    ("over lunch", "China", "2026-03-02 11:45", 30, "2026-03-02 13:45"),
    ("opened at lunch", "China", "2026-03-02 12:30", 30, "2026-03-02 14:00"),
    ("opened as lunch begins", "China", "2026-03-02 12:00", 1, "2026-03-02 13:31"),
    ("up to closing time", "China", "2026-03-02 17:30", 30, "2026-03-02 18:00"),
    ("opened at closing time", "China", "2026-03-02 18:00", 30, "2026-03-03 09:30"),
    ("opened a minute before closing time", "China", "2026-03-02 17:59", 30, "2026-03-03 09:29"),
    ("opened at night", "China", "2026-03-03 02:00", 30, "2026-03-03 09:30"),
    ("opened as the day begins", "China", "2026-03-03 09:00", 30, "2026-03-03 09:30"),
    ("over a weekend", "China", "2026-03-06 17:40", 30, "2026-03-09 09:10"),
    ("opened on a Sunday", "China", "2026-03-08 11:00", 30, "2026-03-09 09:30"),
    ("a whole day", "China", "2026-03-02 09:00", 450, "2026-03-02 18:00"),
    ("a whole day and a minute", "China", "2026-03-02 09:00", 451, "2026-03-03 09:01"),
    ("before a make-up Saturday", "China", "2026-02-13 17:40", 30, "2026-02-14 09:10"),
    ("on a make-up Saturday", "China", "2026-02-14 17:50", 30, "2026-02-24 09:20"),
    ("in the Spring Festival", "China", "2026-02-18 10:00", 30, "2026-02-24 09:30"),
    ("before a make-up Sunday", "China", "2025-01-24 17:50", 30, "2025-01-26 09:20"),
    ("over the Spring Festival of 2025", "China", "2025-01-27 17:50", 30, "2025-02-05 09:20"),
    ("over the National Day", "China", "2026-09-30 17:45", 30, "2026-10-08 09:15"),
    ("on the make-up day after it", "China", "2026-10-09 17:45", 30, "2026-10-10 09:15"),
    ("over New Year, worked on Sunday", "China", "2025-12-31 17:45", 30, "2026-01-04 09:15"),
    ("into a year not announced", "China", "2026-12-31 17:45", 30, "2027-01-01 09:15"),
    ("to 29 February", "China", "2024-02-28 17:45", 30, "2024-02-29 09:15"),
    ("from 29 February", "China", "2024-02-29 17:45", 30, "2024-03-01 09:15"),
    ("no minute", "China", "2026-03-08 11:00", 0, "2026-03-08 11:00"),
    ("the clocks go forward in a night", "New York", "2026-03-06 17:30", 60, "2026-03-09 09:30"),
    ("the clocks go back in a night", "New York", "2026-10-30 17:30", 60, "2026-11-02 09:30"),
    ("London goes forward", "London", "2026-03-27 17:30", 60, "2026-03-30 09:30"),
    ("London goes back", "London", "2026-10-23 17:30", 60, "2026-10-26 09:30"),
    ("an hour is missing", "nights in New York", "2026-03-08 00:30", 120, "2026-03-08 03:30"),
    ("an hour comes twice", "nights in New York", "2026-11-01 00:30", 120, "2026-11-01 01:30"),
    (
        "over both ends of a night",
        "nights in New York",
        "2026-03-07 23:00",
        120,
        "2026-03-08 01:00",
    ),
    ("the missing hour of London", "always in London", "2026-03-29 00:30", 60, "2026-03-29 02:30"),
    ("the double hour of London", "always in London", "2026-10-25 00:30", 120, "2026-10-25 01:30"),
    ("a day of 23 hours", "always in London", "2026-03-29 00:00", 23 * 60, "2026-03-30 00:00"),
    ("a day of 25 hours", "always in London", "2026-10-25 00:00", 25 * 60, "2026-10-26 00:00"),
]
DAYS = [
    ("from a Friday", "China", "2026-03-06 17:40", 2, "2026-03-10 18:00"),
    ("opened before the day begins", "China", "2026-03-02 07:00", 1, "2026-03-03 18:00"),
    ("opened after the day", "China", "2026-03-02 22:00", 1, "2026-03-03 18:00"),
    ("opened on Saturday", "China", "2026-03-07 10:00", 1, "2026-03-09 18:00"),
    ("opened on Sunday, two", "China", "2026-03-08 10:00", 2, "2026-03-10 18:00"),
    ("over a make-up Saturday", "China", "2026-02-13 17:40", 1, "2026-02-14 18:00"),
    ("over the Spring Festival", "China", "2026-02-13 17:40", 2, "2026-02-24 18:00"),
    ("opened on a make-up day", "China", "2026-02-14 10:00", 1, "2026-02-24 18:00"),
    ("opened in the festival", "China", "2026-02-18 10:00", 1, "2026-02-24 18:00"),
    ("over the National Day", "China", "2026-09-30 10:00", 2, "2026-10-09 18:00"),
    ("three, one of them made up", "China", "2026-09-30 10:00", 3, "2026-10-10 18:00"),
    ("over New Year", "China", "2025-12-31 10:00", 2, "2026-01-05 18:00"),
    ("over the end of February", "China", "2024-02-28 10:00", 2, "2024-03-01 18:00"),
    ("the clocks go forward", "New York", "2026-03-06 12:00", 1, "2026-03-09 18:00"),
    ("the clocks go back", "London", "2026-10-23 12:00", 1, "2026-10-26 18:00"),
    ("to midnight", "nights in New York", "2026-03-07 12:00", 1, "2026-03-09 00:00"),
]
ELAPSED = [
    ("a day", "China", "2026-02-13 17:40", 24, "2026-02-14 17:40"),
    ("into a holiday", "China", "2026-02-14 17:40", 48, "2026-02-16 17:40"),
    ("over the missing hour", "New York", "2026-03-07 12:00", 24, "2026-03-08 13:00"),
    ("over the double hour", "New York", "2026-10-31 12:00", 24, "2026-11-01 11:00"),
    ("over London's missing hour", "London", "2026-03-28 12:00", 24, "2026-03-29 13:00"),
    ("over the end of February", "China", "2024-02-28 12:00", 48, "2024-03-01 12:00"),
]


def cases(table: list, unit: Unit) -> list:
    return [pytest.param(*row[1:], unit, id=f"{unit}: {row[0]}") for row in table]


@pytest.mark.parametrize(
    ("calendar", "opened", "amount", "due", "unit"),
    [
        *cases(MINUTES, Unit.MINUTES),
        *cases(DAYS, Unit.DAYS),
        *cases(ELAPSED, Unit.ELAPSED),
    ],
)
def test_when_it_falls_due(calendar: str, opened: str, amount: int, due: str, unit: Unit) -> None:
    counted("working time", cases=1)
    where = CALENDARS[calendar]
    found = after(where, at(where, opened), Target(unit, amount))
    assert shown(where, found.at) == due


def test_seconds_are_kept() -> None:
    opened = at(CHINA, "2026-03-02 17:59") + timedelta(seconds=30)
    due = after(CHINA, opened, Target(Unit.MINUTES, 1)).at
    assert due == at(CHINA, "2026-03-03 09:00") + timedelta(seconds=30)


@pytest.mark.parametrize(
    ("week", "day", "minutes"),
    [
        pytest.param(office_week(WITH_LUNCH), "2026-02-14", 450, id="a Saturday as the Friday"),
        pytest.param(office_week(WITH_LUNCH), "2025-01-26", 450, id="a Sunday as the Friday"),
        pytest.param(
            [*office_week(WITH_LUNCH)[:5], blocks([(540, 720)]), ()],
            "2026-02-14",
            180,
            id="a Saturday with hours of its own",
        ),
        pytest.param(
            [*office_week(WITH_LUNCH)[:5], blocks([(540, 720)]), ()],
            "2025-01-26",
            180,
            id="a Sunday as the Saturday before it",
        ),
        pytest.param([(), blocks([(0, 60)]), *[()] * 5], "2026-05-09", 60, id="as the Tuesday"),
    ],
)
def test_the_hours_of_a_make_up_day(week: list, day: str, minutes: int) -> None:
    calendar = Calendar(zone=SHANGHAI, week=week, days=OFFICIAL)
    spans = calendar.spans_on(at(calendar, day).date())
    assert sum((one.end - one.start for one in spans), timedelta()) == timedelta(minutes=minutes)


def test_a_make_up_day_may_have_hours_of_its_own() -> None:
    day = at(CHINA, "2026-02-14").date()
    short = ExceptionalDay(works=True, name="春节", blocks=blocks([(540, 660)]))
    calendar = Calendar(zone=SHANGHAI, week=office_week(WITH_LUNCH), days={**OFFICIAL, day: short})
    due = after(calendar, at(calendar, "2026-02-14 10:50"), Target(Unit.MINUTES, 30)).at
    assert shown(calendar, due) == "2026-02-24 09:20"


@pytest.mark.parametrize("unit", [Unit.MINUTES, Unit.DAYS])
def test_where_nobody_works_nothing_falls_due(unit: Unit) -> None:
    never = Calendar(zone=SHANGHAI, week=[()] * 7)
    with pytest.raises(NoWorkingTime):
        after(never, at(never, "2026-03-02 10:00"), Target(unit, 1))
    assert after(never, at(never, "2026-03-02 10:00"), Target(Unit.ELAPSED, 1))


@pytest.mark.parametrize("pairs", [[(0, 0)], [(60, 30)], [(0, 1441)], [(0, 60), (30, 90)]])
def test_hours_that_are_none(pairs: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match=r"\d"):
        blocks(pairs)
