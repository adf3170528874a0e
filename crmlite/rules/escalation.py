"""When it is said that a deadline comes near, was missed, and is missed for long.

A ladder has three steps: some working time before the deadline whoever has the case is told, at the
deadline also who leads the team, and some working time after it also the managers. Who they are, and
telling them, is `crmlite/cases/operations/escalation.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from crmlite.rules.working_time import Calendar, NoWorkingTime, working_time_after
from crmlite.rules.working_time.calendar import DAY, LONGEST_REST

SOON, MISSED, LONG_MISSED = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Ladder:
    """How much working time before and after a deadline its outer steps come."""

    before: timedelta
    after: timedelta


QUICK = Ladder(timedelta(minutes=10), timedelta(minutes=30))
SLOW = Ladder(timedelta(hours=2), timedelta(hours=4))


def ladder_of(clock: str) -> Ladder:
    """The ladder of a clock: a first response is a matter of minutes, all else of hours."""
    return QUICK if clock == "response" else SLOW


def moments(due: datetime, ladder: Ladder, calendar: Calendar) -> Sequence[datetime]:
    """When each step comes, in UTC. Raises NoWorkingTime."""
    due = due.astimezone(UTC)
    late = working_time_after(calendar, due, ladder.after).at
    return (working_time_before(calendar, due, ladder.before), due, late)


def working_time_before(calendar: Calendar, moment: datetime, amount: timedelta) -> datetime:
    """The last moment from which so much working time is left up to another, in UTC. Raises
    NoWorkingTime."""
    moment = moment.astimezone(UTC)
    left, day = amount, calendar.day_of(moment)
    for _ in range(LONGEST_REST):
        for span in reversed(calendar.spans_on(day)):
            end = min(span.end, moment)
            if end <= span.start:
                continue
            if left <= end - span.start:
                return end - left
            left -= end - span.start
        day -= DAY
    raise NoWorkingTime


def reached(steps: Sequence[datetime], now: datetime) -> int:
    """How many steps of a ladder have come."""
    return sum(moment <= now for moment in steps)
