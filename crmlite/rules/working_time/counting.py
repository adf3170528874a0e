"""Counting on a working calendar: when something falls due, how much working time lies between two
moments, and each step of how that came out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from crmlite.rules.working_time.calendar import DAY, LONGEST_REST, Calendar, NoWorkingTime

NONE = timedelta()


class Unit(StrEnum):
    """What a target is counted in."""

    MINUTES = "minutes"  # of working time
    DAYS = "days"  # working days, to the end of the last one
    ELAPSED = "elapsed"  # hours on any clock


@dataclass(frozen=True, slots=True)
class Target:
    """How long something may take: `amount` working minutes, working days or elapsed hours."""

    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Time that counted, on one day: from `start` to `end`, after which `left` was left."""

    start: datetime
    end: datetime
    left: timedelta


@dataclass(frozen=True, slots=True)
class Rested:
    """Days on which nobody works, first and last; all as weekends are, or all for the reason of the
    first one."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Whole:
    """A working day that counted as the `number`-th of some."""

    day: date
    number: int


@dataclass(frozen=True, slots=True)
class Held:
    """Time on hold, and how much of it put the due time off."""

    start: datetime
    end: datetime
    amount: timedelta


Step = Counted | Rested | Whole | Held


@dataclass(frozen=True, slots=True)
class Due:
    """When something falls due, and each step of the count; the figure follows from the steps."""

    at: datetime
    steps: Sequence[Step]


def after(calendar: Calendar, start: datetime, target: Target) -> Due:
    """When a target that runs from `start` falls due, in UTC. Raises NoWorkingTime."""
    match target.unit:
        case Unit.MINUTES:
            return working_time_after(calendar, start, timedelta(minutes=target.amount))
        case Unit.DAYS:
            return working_days_after(calendar, start, target.amount)
        case Unit.ELAPSED:
            return elapsed_after(start, timedelta(hours=target.amount))
    raise ValueError(target.unit)


def working_time_after(calendar: Calendar, start: datetime, amount: timedelta) -> Due:
    """When so much working time has passed since a moment: at the end of the stretch in which it
    does, never at the beginning of the next one. Raises NoWorkingTime."""
    start = start.astimezone(UTC)  # between two moments of one zone Python counts by its wall
    if amount <= NONE:
        return Due(start, ())
    steps: list[Step] = []
    left = amount
    for day in _days(calendar, calendar.day_of(start), steps):
        for span in calendar.spans_on(day):
            if span.end <= start:
                continue
            begins = max(span.start, start)
            ends = min(span.end, begins + left)
            left -= ends - begins
            steps.append(Counted(begins, ends, left))
            if not left:
                return Due(ends, steps)
    raise NoWorkingTime


def working_days_after(calendar: Calendar, start: datetime, amount: int) -> Due:
    """The end of the last stretch of the `amount`-th working day after the day of a moment, which
    itself does not count. Raises NoWorkingTime."""
    steps: list[Step] = []
    first = calendar.day_of(start) + DAY
    for number, day in enumerate(_days(calendar, first, steps), 1):
        steps.append(Whole(day, number))
        if number >= amount:
            return Due(calendar.spans_on(day)[-1].end, steps)
    raise NoWorkingTime


def elapsed_after(start: datetime, amount: timedelta) -> Due:
    """When so much time has passed, worked or not."""
    start = start.astimezone(UTC)
    return Due(start + amount, (Counted(start, start + amount, NONE),))


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """The working time between two moments; none when the second is not later."""
    found, start, end = NONE, start.astimezone(UTC), end.astimezone(UTC)
    day, last = calendar.day_of(start), calendar.day_of(end)
    while day <= last:
        for span in calendar.spans_on(day):
            stretch = min(span.end, end) - max(span.start, start)
            if stretch > NONE:
                found += stretch
        day += DAY
    return found


def _days(calendar: Calendar, day: date, steps: list[Step]) -> Iterator[date]:
    """The working days from one on; those between, on which nobody works, become steps."""
    rested = 0
    while rested < LONGEST_REST:
        if calendar.works_on(day):
            rested = 0
            yield day
        else:
            rested += 1
            _rest(calendar, day, steps)
        day += DAY


def _rest(calendar: Calendar, day: date, steps: list[Step]) -> None:
    """Note a day on which nobody works with those before it, where the reason is the same."""
    why = calendar.days.get
    match steps[-1:]:
        case [Rested(first, last)] if last + DAY == day and why(first) == why(day):
            steps[-1] = Rested(first, day)
        case _:
            steps.append(Rested(day, day))
