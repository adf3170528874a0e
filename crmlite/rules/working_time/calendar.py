"""A working calendar: the hours of each weekday, and the days that are otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MINUTES = 24 * 60
WEEK = 7
LONGEST_REST = 400  # days without a working minute, after which nobody works any more
Label = str | Mapping[str, str]


class NoWorkingTime(ValueError):
    """A calendar has no working minute within a year and more: nothing on it ever falls due."""


class Block(NamedTuple):
    """Hours worked in one go, in minutes of the day as the clock on the wall shows them: from
    `start` up to `end`, 1440 being midnight."""

    start: int
    end: int


class Span(NamedTuple):
    """A stretch of working time between two moments, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class ExceptionalDay:
    """A day that is not as its weekday: a holiday, or a make-up day [调休上班] on which people work.

    `blocks` are its own hours; None for those of its weekday, or where that has none, of the nearest
    earlier weekday that has some.
    """

    works: bool
    name: Label = ""
    blocks: Sequence[Block] | None = None


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """When people work: seven weekdays of hours, Monday first, the days that are otherwise, and the
    time zone of the clock on their wall.

    `announced_to` is the last day for which make-up days are known, None where none are ever made up:
    what is counted beyond it may change.
    """

    zone: ZoneInfo
    week: Sequence[Sequence[Block]]
    days: Mapping[date, ExceptionalDay] = field(default_factory=dict)
    announced_to: date | None = None
    _spans: dict[date, tuple[Span, ...]] = field(default_factory=dict, repr=False, compare=False)

    def day_of(self, moment: datetime) -> date:
        """The day that it is there."""
        return moment.astimezone(self.zone).date()

    def blocks_on(self, day: date) -> Sequence[Block]:
        """The hours of a day."""
        other = self.days.get(day)
        if other is None:
            return self.week[day.weekday()]
        if not other.works:
            return ()
        return self._usual(day) if other.blocks is None else other.blocks

    def _usual(self, day: date) -> Sequence[Block]:
        """The hours of a day that is worked whatever its weekday."""
        for back in range(WEEK):
            if blocks := self.week[(day.weekday() - back) % WEEK]:
                return blocks
        return ()

    def spans_on(self, day: date) -> tuple[Span, ...]:
        """The working time of a day, in order. Where the clocks are put forward or back, what lies
        between two times on the wall is what really passes."""
        found = self._spans.get(day)
        if found is None:
            found = self._spans[day] = tuple(
                Span(start, end)
                for block in self.blocks_on(day)
                if (start := self._moment(day, block.start)) < (end := self._moment(day, block.end))
            )
        return found

    def works_on(self, day: date) -> bool:
        """Whether anybody works on a day."""
        return bool(self.spans_on(day))

    def next_working_day(self, day: date) -> date:
        """The first working day from this one on. Raises NoWorkingTime."""
        for _ in range(LONGEST_REST):
            if self.works_on(day):
                return day
            day += DAY
        raise NoWorkingTime

    def last_moment_before(self, moment: datetime, *, after: datetime) -> datetime | None:
        """The last working moment up to `moment` that lies after another; None when there is none."""
        moment, after = moment.astimezone(UTC), after.astimezone(UTC)
        day, first = self.day_of(moment), self.day_of(after)
        while day >= first:
            for span in reversed(self.spans_on(day)):
                end = min(span.end, moment)
                if end > max(span.start, after):
                    return end
            day -= DAY
        return None

    def _moment(self, day: date, minute: int) -> datetime:
        """The moment at which the clock on the wall shows a time; one that it leaves out, when it is
        put forward, is the moment at which that happens."""
        day, minute = (day + DAY, 0) if minute == MINUTES else (day, minute)
        wall = datetime.combine(day, time(minute // 60, minute % 60))
        moment = wall.replace(tzinfo=self.zone).astimezone(UTC)
        if moment.astimezone(self.zone).replace(tzinfo=None) == wall:
            return moment
        return self._leap(wall.replace(tzinfo=self.zone, fold=1).astimezone(UTC), moment)

    def _leap(self, before: datetime, later: datetime) -> datetime:
        """The minute between two moments in which the clocks are put forward."""
        shift = before.astimezone(self.zone).utcoffset()
        while later - before > timedelta(minutes=1):
            middle = before + timedelta(minutes=(later - before) // timedelta(minutes=2))
            if middle.astimezone(self.zone).utcoffset() == shift:
                before = middle
            else:
                later = middle
        return later


def blocks_of(pairs: Sequence[tuple[int, int]]) -> tuple[Block, ...]:
    """Hours in order. Raises ValueError when they overlap, are empty, or leave the day."""
    found = tuple(Block(start, end) for start, end in sorted(pairs))
    last = 0
    for block in found:
        if not last <= block.start < block.end <= MINUTES:
            raise ValueError(f"{block.start}-{block.end}")
        last = block.end
    return found
