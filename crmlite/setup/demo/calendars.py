"""The demo firm's working calendars: a service crew's week, and days on which the office is otherwise."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from crmlite.accounts.models import Team
from crmlite.calendars.models import CalendarDay, WorkingCalendar
from crmlite.calendars.operations import CalendarDraft, DaysDraft, create_calendar, set_days
from crmlite.calendars.queries import as_written
from crmlite.extensions import database
from crmlite.rules.working_time import read_hours, read_week
from crmlite.setup.demo.content import content
from crmlite.work import Actor, records, tell
from crmlite.work.operations import move_epoch

Raw = Mapping[str, Any]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def add_calendars(teams: Mapping[str, int], *, by: Actor, at: datetime) -> None:
    """Add them, and say which team works by which. `teams` are ids by key. Belongs inside an
    operation."""
    firm = content().firm
    for raw in firm.get("calendar", ()):
        week = read_week(raw["open"]).value
        draft = CalendarDraft(label=raw["name"], week=week or ())
        made = create_calendar(draft, by=by, at=at)["id"]
        if raw["team"] in teams:
            records.update(Team, teams[raw["team"]], {"calendar_id": made})
    today = at.astimezone(ZoneInfo(firm["zone"])).date()
    office = as_written().default.id
    for raw in firm.get("day", ()):
        set_days(office, _days(raw, today), by=by, at=at)


def _days(raw: Raw, today: date) -> DaysDraft:
    """Days of the demo: the first such weekday from so many days ahead on, and those after it."""
    first = today + timedelta(days=raw["in"])
    first += timedelta(days=(WEEKDAYS.index(raw["on"]) - first.weekday()) % len(WEEKDAYS))
    hours = read_hours(raw.get("open", "")).value
    return DaysDraft(
        first=first,
        last=first + timedelta(days=raw.get("days", 1) - 1),
        works="open" in raw,
        label=raw["name"],
        blocks=hours or None,
    )


def clear_calendars(calendar_ids: Sequence[int], day_ids: Sequence[int]) -> None:
    """Take these calendars and days away; teams that worked by one of them work by the default one.
    Belongs inside an operation."""
    move_epoch()
    table = Team.__table__
    using = select(table.c.id).where(table.c.calendar_id.in_(calendar_ids))
    teams = database.session.execute(using).scalars().all()
    records.update_many(Team, {team_id: {"calendar_id": None} for team_id in teams})
    records.delete_many(CalendarDay, day_ids)
    now = as_written().entries
    gone = [one for one in calendar_ids if now[one].active and not now[one].is_default]
    records.update_many(WorkingCalendar, {one: {"state": "deleted"} for one in gone})
    if teams or day_ids or gone:
        tell("calendar_changed", calendar_id=as_written().default.id)
