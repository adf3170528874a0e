"""How soon a customer answers when we get in touch, counted in working days."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.rules.purchases import median

WINDOW = timedelta(days=180)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Approach:
    """That we got in touch on a day, and the day of the answer; None while there is none."""

    day: date
    answered: date | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What the approaches of half a year say together. `days` are the working days that an answer
    usually took, the median; an answer by the end of the next working day took one. Where none came,
    `waiting` are the working days since the first of them. From the day `until` on this is another
    figure though nothing happens."""

    asked: int = 0
    days: int | None = None
    waiting: int | None = None
    until: date | None = None


def together(approaches: Iterable[Approach], today: date, works: Callable[[date], bool]) -> Answers:
    """What these approaches say on a day; `works` says whether a day is a working day."""
    found = [one for one in approaches if one.day > today - WINDOW]
    if not found:
        return Answers()
    first = min(one.day for one in found)
    took = [working_days(one.day, one.answered, works) for one in found if one.answered is not None]
    falls_out = first + WINDOW
    return Answers(
        asked=len(found),
        days=median(took),
        waiting=None if took else working_days(first, today, works),
        until=falls_out if took else min(falls_out, today + DAY),
    )


def working_days(start: date, end: date, works: Callable[[date], bool]) -> int:
    """How many working days come after a day, up to another one."""
    return sum(works(start + DAY * number) for number in range(1, (end - start).days + 1))
