"""What comes again: every so many days, weeks or months, and on which day it does next."""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

DAYS, WEEKS, MONTHS = "days", "weeks", "months"
UNITS = (DAYS, WEEKS, MONTHS)
MOST = {DAYS: 366, WEEKS: 104, MONTHS: 60}
LENGTH = {DAYS: 1, WEEKS: 7}


@dataclass(frozen=True, slots=True)
class Repeat:
    """Every `every` of a `unit`, counted from the day `since`, whose turn is 0; `turn` is the one
    that is meant. So a task that was put off once does not put off those that follow.

    In a month that lacks the day of `since` it is the last one: the 31st is followed by 28 February
    and then by 31 March; 29 February by the 28th until there is a 29th again.
    Raises ValueError for a unit that there is not and a number that nobody means.
    """

    every: int
    unit: str
    since: date
    turn: int = 0

    def __post_init__(self) -> None:
        if not 1 <= self.every <= MOST.get(self.unit, 0):
            raise ValueError(f"every {self.every} {self.unit}")

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Repeat":
        """What `stored` wrote."""
        since = date.fromisoformat(stored["since"])
        return cls(stored["every"], stored["unit"], since, stored.get("turn", 0))

    def stored(self) -> dict[str, Any]:
        """The same as it is kept, as JSON."""
        since = self.since.isoformat()
        return {"every": self.every, "unit": self.unit, "since": since, "turn": self.turn}

    @property
    def day(self) -> date:
        """The day of its turn."""
        count = self.turn * self.every
        if self.unit != MONTHS:
            return self.since + timedelta(days=count * LENGTH[self.unit])
        year, month = divmod(self.since.year * 12 + self.since.month - 1 + count, 12)
        return date(year, month + 1, min(self.since.day, monthrange(year, month + 1)[1]))

    def following(self, today: date) -> "Repeat":
        """The next turn that is still to come: what was missed meanwhile is left out, and what was
        done early comes when it would have come anyway."""
        found = replace(self, turn=max(self.turn + 1, self._turns_before(today)))
        while found.day <= today:
            found = replace(found, turn=found.turn + 1)
        return found

    def _turns_before(self, today: date) -> int:
        """A turn that is surely not after the first one after today."""
        if self.unit != MONTHS:
            return (today - self.since).days // (self.every * LENGTH[self.unit])
        months = (today.year - self.since.year) * 12 + today.month - self.since.month
        return months // self.every
