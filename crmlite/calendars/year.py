"""The days of a year that are otherwise, in rows: official ones, and those a manager has set."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.calendars.official import Days
from crmlite.calendars.queries import OwnDay, calendar_of, own_days
from crmlite.rules.wording import Label
from crmlite.rules.working_time import Block, Calendar, ExceptionalDay

DAY = timedelta(days=1)
FIRST, LAST = 2000, 2100  # years that can be looked at


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Days in a row that are alike. `own` were set here; `instead_of` is what they officially are,
    where that is something else. Without `blocks` nobody works."""

    first: date
    last: date
    name: Label
    blocks: Sequence[Block]
    own: bool
    instead_of: ExceptionalDay | None = None


def rows_of(calendar_id: int, year: int) -> list[Row]:
    """The rows of a year, in order. Raises KeyError when there is no such calendar."""
    calendar = calendar_of(calendar_id)
    assert isinstance(calendar.days, Days)
    known = calendar.days.official(year)
    own = {one.day: one for one in own_days(calendar_id) if one.day.year == year}
    found: list[Row] = []
    for day in sorted({*known, *own}):
        row = _row(calendar, day, own, known)
        if found and _continues(found[-1], row):
            row = _joined(found.pop(), row)
        found.append(row)
    return found


def _row(
    calendar: Calendar,
    day: date,
    own: Mapping[date, OwnDay],
    known: Mapping[date, ExceptionalDay],
) -> Row:
    set_here = own.get(day)
    return Row(
        first=day,
        last=day,
        name=set_here.label if set_here else known[day].name,
        blocks=tuple(calendar.blocks_on(day)),
        own=set_here is not None,
        instead_of=known.get(day) if set_here else None,
    )


def _continues(one: Row, other: Row) -> bool:
    return one.last + DAY == other.first and (
        (one.name, one.blocks, one.own, one.instead_of)
        == (other.name, other.blocks, other.own, other.instead_of)
    )


def _joined(one: Row, other: Row) -> Row:
    return Row(
        first=one.first,
        last=other.last,
        name=one.name,
        blocks=one.blocks,
        own=one.own,
        instead_of=one.instead_of,
    )
