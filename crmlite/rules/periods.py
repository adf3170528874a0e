"""Weeks, months and quarters, for figures that are counted by them."""

from dataclasses import dataclass
from datetime import date, timedelta

DAY = timedelta(days=1)
WEEK, MONTH, QUARTER, OWN = "week", "month", "quarter", "own"
KINDS = (WEEK, MONTH, QUARTER, OWN)
LONGEST = 366  # days of a period of one's own
MONTHS = {MONTH: 1, QUARTER: 3}
FIRST_YEAR, LAST_YEAR = 1900, 2200


@dataclass(frozen=True, slots=True)
class Period:
    """Days in a row, the first and the last included: a week from Monday on, a month, a quarter, or
    days of one's own."""

    kind: str
    first: date
    last: date

    @classmethod
    def around(cls, kind: str, day: date) -> "Period":
        """The week, month or quarter of a day."""
        if kind == WEEK:
            first = day - day.weekday() * DAY
            return cls(WEEK, first, first + 6 * DAY)
        count = MONTHS[kind]
        first = day.replace(month=(day.month - 1) // count * count + 1, day=1)
        return cls(kind, first, _months_on(first, count) - DAY)

    @classmethod
    def between(cls, one: date, other: date) -> "Period":
        """Days of one's own, whichever was named first; no more than a year of them."""
        first, last = sorted((one, other))
        return cls(OWN, first, min(last, first + (LONGEST - 1) * DAY))

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def before(self) -> "Period":
        """The one before it, as long as it where it is one of one's own."""
        if self.kind == OWN:
            return Period(OWN, self.first - self.days * DAY, self.first - DAY)
        return Period.around(self.kind, self.first - DAY)

    def after(self) -> "Period":
        """The one that follows."""
        if self.kind == OWN:
            return Period(OWN, self.last + DAY, self.last + self.days * DAY)
        return Period.around(self.kind, self.last + DAY)


def quarter(day: date) -> str:
    """What the quarter of a day is called: `2026Q4`."""
    return f"{day.year}Q{(day.month + 2) // 3}"


def is_sensible(day: date) -> bool:
    """Whether a period around a day, and those beside it, can be reckoned with."""
    return FIRST_YEAR <= day.year <= LAST_YEAR


def _months_on(first: date, count: int) -> date:
    """The first day of the month that comes so many months later."""
    year, month = divmod(first.year * 12 + first.month - 1 + count, 12)
    return date(year, month + 1, 1)
