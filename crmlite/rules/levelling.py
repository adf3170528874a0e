"""Levels a person's plan: no day takes more than the firm wants, lower tiers go first.

Pure: the same load gives the same days, so that levelling twice changes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.rules.cadence import WorksOn

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Movable:
    """A touch that may be put off: the day of the plan, the day that it never gets to, and how high its
    customer stands (0 is the highest tier)."""

    id: int
    planned: date
    before: date
    rank: int


def levelled(
    touches: Iterable[Movable],
    fixed: Mapping[date, int],
    *,
    cap: int,
    today: date,
    works_on: WorksOn,
) -> dict[int, date]:
    """The day of each touch by its id.

    `fixed` says how many tasks of the person have their days for good: promises, cases, what lies
    around a day, what somebody has put there. Higher tiers choose first, then the earlier day. One
    goes to the first working day from its own on that has room; where there is none before `before` it
    stays on its own, for a full day is better than a touch left out. What is due today or earlier
    stays too. With a `cap` of 0 all stay.
    """
    ordered = sorted(touches, key=lambda one: (one.rank, one.planned, one.id))
    if cap <= 0:
        return {one.id: one.planned for one in ordered}
    taken = dict(fixed)
    found: dict[int, date] = {}
    full: dict[date, date] = {}
    for one in ordered:
        day = one.planned
        if day > today:
            day = _room(one, taken, full, cap, works_on)
        taken[day] = taken.get(day, 0) + 1
        found[one.id] = day
    return found


def _room(
    one: Movable, taken: Mapping[date, int], full: dict[date, date], cap: int, works_on: WorksOn
) -> date:
    """The first day with room; its own where there is none in time. `full` leads from a full day to
    the next that may have room, so that a long queue is not walked through again and again."""
    day, walked = one.planned, []
    while day < one.before:
        if day in full:
            walked.append(day)
            day = full[day]
        elif taken.get(day, 0) >= cap or (day != one.planned and not works_on(day)):
            walked.append(day)
            day += DAY
        else:
            break
    for past in walked:
        full[past] = day
    return day if day < one.before else one.planned
