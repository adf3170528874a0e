"""Dates that move with the calendar: "60 days ago", "the start of this quarter", "last month"."""

import calendar
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

UNITS = ("d", "w", "m", "y")
PERIODS = ("week", "month", "quarter", "year")
FURTHEST = 200  # periods, and years of days: beyond that nobody means it
MOST = {"d": FURTHEST * 366, "w": FURTHEST * 53, "m": FURTHEST * 12, "y": FURTHEST}


@dataclass(frozen=True, slots=True)
class FromToday:
    """A day counted from today: `FromToday(-60, "d")` is 60 days ago, `FromToday(2, "w")` in two
    weeks. Units are d, w, m, y; a month ends where its days end (31 January + 1 m = 28 February).
    """

    count: int
    unit: str

    def __post_init__(self) -> None:
        """Refuse unknown units and counts beyond 200 years, with ValueError."""
        if self.unit not in UNITS or not is_whole(self.count, MOST[self.unit]):
            raise ValueError("A day from today is a count of d, w, m or y within 200 years.")

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"


@dataclass(frozen=True, slots=True)
class StartOf:
    """The first day of a week (Monday), month, quarter or year: of this one, or `shift` further."""

    period: str
    shift: int = 0

    def __post_init__(self) -> None:
        """Refuse unknown periods, with ValueError."""
        checked_period(self.period, self.shift)

    def __str__(self) -> str:
        return f"{self.period}{self.shift:+}" if self.shift else self.period


@dataclass(frozen=True, slots=True)
class Span:
    """A whole week, month, quarter or year: `Span("month", -1)` is last month."""

    period: str
    shift: int = 0

    def __post_init__(self) -> None:
        """Refuse unknown periods, with ValueError."""
        checked_period(self.period, self.shift)

    def __str__(self) -> str:
        return f"{self.period}{self.shift:+}" if self.shift else self.period


class DayRange(NamedTuple):
    """Days from `start` on, up to but without `end`; None leaves that side open."""

    start: date | None
    end: date | None


Day = date | FromToday | StartOf


def resolved(value: Day, today: date) -> date:
    """The day that is meant, seen from `today`."""
    match value:
        case FromToday(count, "d"):
            return today + timedelta(days=count)
        case FromToday(count, "w"):
            return today + timedelta(weeks=count)
        case FromToday(count, unit):
            return months_later(today, count if unit == "m" else 12 * count)
        case StartOf(period, shift):
            return first_day(period, shift, today)
    return value


def day_range(operator: str, values: Sequence[object], today: date) -> DayRange:
    """The days that a date test takes, whatever its operator, as one half-open range.

    A column of moments compares with the midnights of these days in the firm's time zone. Raises
    ValueError for an operator that asks nothing about days.
    """
    match operator, list(values):
        case "during", [Span(period, shift)]:
            start = first_day(period, shift, today)
            return DayRange(start, first_day(period, shift + 1, today))
    days = [resolved(value, today) for value in values if isinstance(value, Day)]
    if operator not in RANGES or len(days) != (2 if operator == "between" else 1):
        raise ValueError(f"{operator!r} with {len(days)} days names no range of days.")
    return RANGES[operator](days[0], days[-1])


def first_day(period: str, shift: int, today: date) -> date:
    """The first day of the period that contains `today`, moved by whole periods."""
    match period:
        case "week":
            return today - timedelta(days=today.weekday()) + timedelta(weeks=shift)
        case "month":
            return months_later(today.replace(day=1), shift)
        case "quarter":
            month = (today.month - 1) // 3 * 3 + 1
            return months_later(today.replace(month=month, day=1), 3 * shift)
    return months_later(today.replace(month=1, day=1), 12 * shift)


def months_later(day: date, count: int) -> date:
    """The same day `count` months later, or the last of a month that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def day_from_text(text: str) -> Day | None:
    """`2024-05-01`, `-60d`, `quarter-1`; None when it is none of them."""
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    return from_today_of(text) or start_of(text)


def from_today_of(text: str) -> FromToday | None:
    """`-60d`, `14d`; None when it is something else."""
    match = re.fullmatch(r"(-?\d{1,6})([dwmy])", text, re.ASCII)
    try:
        return FromToday(int(match[1]), match[2]) if match else None
    except ValueError:
        return None


def start_of(text: str) -> StartOf | None:
    """`month`, `quarter-1`, as a first day; None when it is something else."""
    match = period_of(text)
    return StartOf(*match) if match else None


def span_of(text: str) -> Span | None:
    """`month`, `quarter-1`, as all its days; None when it is something else."""
    match = period_of(text)
    return Span(*match) if match else None


def period_of(text: str) -> tuple[str, int] | None:
    """A period and its shift, within 200 of them."""
    match = re.fullmatch(r"(week|month|quarter|year)([+-]\d{1,3})?", text, re.ASCII)
    shift = int(match[2] or 0) if match else 0
    return (match[1], shift) if match and abs(shift) <= FURTHEST else None


def checked_period(period: str, shift: int) -> None:
    """Raise ValueError unless both can be meant."""
    if period not in PERIODS or not is_whole(shift, FURTHEST):
        raise ValueError("A period is a week, month, quarter or year, at most 200 away.")


def is_whole(value: object, most: int) -> bool:
    """Whether a value is an int, no bool, and not beyond `most` either way."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= most


def _next(day: date) -> date:
    return day + timedelta(days=1)


RANGES: dict[str, Callable[[date, date], DayRange]] = {
    "on": lambda day, _: DayRange(day, _next(day)),
    "before": lambda day, _: DayRange(None, day),
    "after": lambda day, _: DayRange(_next(day), None),
    "since": lambda day, _: DayRange(day, None),
    "until": lambda day, _: DayRange(None, _next(day)),
    "between": lambda first, last: DayRange(first, _next(last)),
}
