"""What holds of every count, whatever the calendar: by properties, and against counting minute by
minute."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.working_time import (
    Calendar,
    Counted,
    Due,
    Rested,
    Target,
    Unit,
    Whole,
    after,
    between,
    working_time_after,
)
from tests import figures
from tests.rules.working_time.calendars import CALENDARS, OFFICIAL

MINUTE = timedelta(minutes=1)


def drawn(name: str) -> Calendar:
    """A calendar for one more case."""
    figures.counted("working time", cases=1)
    return CALENDARS[name]


calendars = st.sampled_from(sorted(CALENDARS)).map(drawn)
BEGINNING = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 3600).map(
    lambda seconds: BEGINNING + timedelta(seconds=seconds)
)
amounts = st.integers(0, 3_000).map(lambda minutes: timedelta(minutes=minutes))


@given(calendars, moments, amounts, amounts)
def test_it_is_additive(calendar: Calendar, start: datetime, a: timedelta, b: timedelta) -> None:
    in_two = working_time_after(calendar, working_time_after(calendar, start, a).at, b).at
    assert in_two == working_time_after(calendar, start, a + b).at or not a + b


@given(calendars, moments, moments, st.sampled_from(Unit), st.integers(1, 40))
def test_later_is_never_earlier(
    calendar: Calendar, one: datetime, other: datetime, unit: Unit, amount: int
) -> None:
    first, second = sorted((one, other))
    target = Target(unit, amount)
    assert after(calendar, first, target).at <= after(calendar, second, target).at


@given(calendars, moments, st.sampled_from(Unit), st.integers(1, 40), st.integers(1, 40))
def test_more_is_never_earlier(
    calendar: Calendar, start: datetime, unit: Unit, amount: int, more: int
) -> None:
    due = after(calendar, start, Target(unit, amount)).at
    assert start < due < after(calendar, start, Target(unit, amount + more)).at


@given(calendars, moments, amounts)
def test_what_lies_between_is_what_was_added(
    calendar: Calendar, start: datetime, amount: timedelta
) -> None:
    due = working_time_after(calendar, start, amount).at
    assert between(calendar, start, due) == amount


@given(calendars, moments, moments, moments)
def test_stretches_add_up(calendar: Calendar, a: datetime, b: datetime, c: datetime) -> None:
    first, second, third = sorted((a, b, c))
    parts = between(calendar, first, second) + between(calendar, second, third)
    assert parts == between(calendar, first, third)
    assert not between(calendar, third, first)


@given(calendars, moments, st.sampled_from(Unit), st.integers(1, 200))
def test_the_figure_follows_from_the_steps(
    calendar: Calendar, start: datetime, unit: Unit, amount: int
) -> None:
    due = after(calendar, start, Target(unit, amount))
    assert rebuilt(calendar, due) == due.at
    told = [step for step in due.steps if not isinstance(step, Rested)]
    match unit:
        case Unit.DAYS:
            assert [step.number for step in told if isinstance(step, Whole)] == [
                *range(1, amount + 1)
            ]
        case Unit.MINUTES:
            assert counted(due) == timedelta(minutes=amount)
        case Unit.ELAPSED:
            assert counted(due) == timedelta(hours=amount)
    assert no_working_time_is_left_out(calendar, start, due) or unit == Unit.ELAPSED


def rebuilt(calendar: Calendar, due: Due) -> datetime:
    """When it falls due, by the last step alone."""
    match due.steps[-1]:
        case Counted(end=end, left=left):
            assert not left
            return end
        case Whole(day=day):
            return calendar.spans_on(day)[-1].end
    raise AssertionError(due.steps[-1])


def counted(due: Due) -> timedelta:
    """All time that counted."""
    spans = [step.end - step.start for step in due.steps if isinstance(step, Counted)]
    return sum(spans, timedelta())


def no_working_time_is_left_out(calendar: Calendar, start: datetime, due: Due) -> bool:
    """Whether the days of the steps are all the days there are, and those of rest have no hours."""
    first, last = calendar.day_of(start), calendar.day_of(due.at - MINUTE)
    told = set()
    for step in due.steps:
        match step:
            case Rested(one, other):
                days = [one + timedelta(days=n) for n in range((other - one).days + 1)]
                assert not any(calendar.works_on(day) for day in days)
                told.update(days)
            case Whole(day=day):
                told.add(day)
            case Counted(begins):
                told.add(calendar.day_of(begins))
    missing = {first + timedelta(days=n) for n in range((last - first).days + 1)} - told
    return missing <= {first}


def worked(calendar: Calendar, start: datetime) -> Iterator[datetime]:
    """Each working minute from a moment on, looked up one by one: no arithmetic."""
    moment = start
    while True:
        wall = moment.astimezone(calendar.zone)
        minute = wall.hour * 60 + wall.minute
        if any(one.start <= minute < one.end for one in calendar.blocks_on(wall.date())):
            yield moment
        moment += MINUTE


def corners() -> Iterator[tuple[str, datetime, int]]:
    """Moments around all that is out of the ordinary: the days before and after each exceptional
    day, and the changes of the clocks."""
    for name in ("China", "China without lunch"):
        for day in sorted(OFFICIAL):
            for hour, minute in ((0, 30), (1, 1), (3, 59), (9, 59), (10, 0), (15, 0)):
                opened = datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)
                yield name, opened, (day.day * 7 + hour) % 90 + 1
    for name in ("New York", "London", "nights in New York", "always in London"):
        for year, month, day in ((2026, 3, 8), (2026, 3, 29), (2026, 10, 25), (2026, 11, 1)):
            for hour in range(0, 24, 3):
                yield name, datetime(year, month, day, hour, 7, tzinfo=UTC), hour * 11 + 1


@pytest.mark.parametrize(
    ("name", "opened", "amount"),
    [pytest.param(*case, id=f"{case[0]} {case[1]:%m-%d %H:%M}+{case[2]}") for case in corners()],
)
def test_it_is_as_if_counted_minute_by_minute(name: str, opened: datetime, amount: int) -> None:
    calendar = CALENDARS[name]
    minutes = worked(calendar, opened)
    for _ in range(amount):
        last = next(minutes)
    assert after(calendar, opened, Target(Unit.MINUTES, amount)).at == last + MINUTE
