"""Which days a view of the calendar shows: a month, a week, or a list of some weeks."""

from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.rules.periods import MONTH, Period, is_sensible

DAY = timedelta(days=1)
WEEK = 7 * DAY
MONTHLY, WEEKLY, LISTED = "month", "week", "list"
VIEWS = (MONTHLY, WEEKLY, LISTED)
LIST_DAYS = 28
SHOWN = {MONTHLY: 4, WEEKLY: 12, LISTED: 60}  # items of a day


@dataclass(frozen=True, slots=True)
class Shape:
    """The days of a view: those that are shown, and of a month those that belong to it."""

    view: str
    first: date
    last: date
    own: Period | None = None

    @classmethod
    def around(cls, view: str, day: date) -> "Shape":
        """A view in which a day stands. A month is shown in whole weeks, a list begins with the day."""
        monday = day - day.weekday() * DAY
        if view == WEEKLY:
            return cls(view, monday, monday + 6 * DAY)
        if view == LISTED:
            return cls(view, day, day + (LIST_DAYS - 1) * DAY)
        month = Period.around(MONTH, day)
        start = month.first - month.first.weekday() * DAY
        return cls(view, start, month.last + (6 - month.last.weekday()) * DAY, month)

    @property
    def days(self) -> list[date]:
        """All days that are shown."""
        return [self.first + place * DAY for place in range((self.last - self.first).days + 1)]

    @property
    def before(self) -> date:
        """A day of the view before this one."""
        if self.own is not None:
            return self.own.before().first
        return self.first - (self.last - self.first) - DAY

    @property
    def after(self) -> date:
        """A day of the view that follows."""
        return self.own.after().first if self.own is not None else self.last + DAY

    def is_own(self, day: date) -> bool:
        """Whether a day belongs to what is shown, and not to the month beside it."""
        return self.own is None or self.own.first <= day <= self.own.last


def day_of(text: str, today: date) -> date:
    """The day that an address names, else today."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if is_sensible(day) else today
