"""What a figure is: what it means, which rows it counts, and how each of them reads."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select

from crmlite.rules.periods import Period
from crmlite.rules.shares import share

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """The days for which is counted, at the firm, and the moment as of which."""

    period: Period
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        """The day it is at the firm."""
        return self.now.astimezone(self.zone).date()

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return self.midnight(self.period.first)

    @property
    def until(self) -> datetime:
        """The first moment after it."""
        return self.midnight(self.period.last + DAY)

    def midnight(self, day: date) -> datetime:
        """The moment at which a day begins."""
        return datetime.combine(day, time(), self.zone)

    def before(self) -> "Span":
        """The same of the period before."""
        return Span(self.period.before(), self.zone, self.now)


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """How a row of a figure reads. `due` is until when, `done` when it was done, `state` how it went in
    words; `said` is what only who may see the customer reads."""

    customer_id: int
    icon: str
    said: str
    due: date | datetime
    done: date | datetime | None
    state: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Metric:
    """A figure that is a share: of all rows that count, how many were kept.

    `rows(people, span)` selects what counts for these people: `id`, `user_id` whose it is,
    `customer_id`, `at` by which it is ordered, and `kept` (1 or 0). Figure and rows come from this one
    statement, so that they cannot differ. `told(ids)` says how these rows read, by id; `right` is what
    one needs besides seeing the customer to read it. `definition` says in words what the statement
    counts.
    """

    name: str
    label: str
    definition: str
    rows: Callable[[Sequence[int], Span], Select[Any]]
    told: Callable[[Sequence[int]], Mapping[int, Told]]
    right: str = "customers:see"


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    kept: int = 0
    total: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.kept + other.kept, self.total + other.total)

    @property
    def percent(self) -> int | None:
        """In whole percent; None of nothing."""
        return share(self.total, self.kept)
