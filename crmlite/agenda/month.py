"""The days of a calendar with what stands on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from crmlite.access import Reader
from crmlite.accounts.queries import teams
from crmlite.agenda.items import Item, item_of
from crmlite.agenda.queries.items import by_day
from crmlite.agenda.shape import SHOWN, Shape
from crmlite.calendars.queries import calendar_of
from crmlite.followups.whose import Whose
from crmlite.rules.working_time import Calendar
from crmlite.wording import label


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A day: what stands on it, how much more there is, and whether people work. `name` is that of the
    holiday, or of the one for which it is made up."""

    on: date
    items: Sequence[Item]
    more: int
    works: bool
    name: str
    is_made_up: bool
    is_own: bool
    is_today: bool


def days_of(reader: Reader, shown: Whose, shape: Shape, kind: str, today: date) -> list[Day]:
    """The days of a view, each with what the people shown have to do."""
    rows = by_day(reader, shown.ids, shape.first, shape.last, kind, SHOWN[shape.view])
    found: dict[date, list[Item]] = {}
    counts: dict[date, int] = {}
    for row in rows:
        found.setdefault(row["due_on"], []).append(item_of(row, reader))
        counts[row["due_on"]] = row["of_day"]
    calendar = calendar_for(shown.ids)
    return [
        _day(day, found.get(day, []), counts.get(day, 0), calendar, shape, today)
        for day in shape.days
    ]


def calendar_for(people: Sequence[int]) -> Calendar:
    """The calendar by which these people work: that of a team that all of them are in, else the
    firm's."""
    wanted = set(people)
    chosen = (team.calendar_id for team in teams() if wanted <= team.member_ids)
    return calendar_of(next((one for one in chosen if one is not None), None))


def _day(
    day: date, items: Sequence[Item], count: int, calendar: Calendar, shape: Shape, today: date
) -> Day:
    other = calendar.days.get(day)
    works = calendar.works_on(day)
    return Day(
        on=day,
        items=items,
        more=count - len(items),
        works=works,
        name=label(other.name) if other is not None else "",
        is_made_up=other is not None and other.works,
        is_own=shape.is_own(day),
        is_today=day == today,
    )
