"""Days of a calendar that a manager sets: off, or worked."""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from crmlite.calendars.keeping import keep_sound
from crmlite.calendars.models import CalendarDay, WorkingCalendar
from crmlite.calendars.queries import ACTIVE, OwnDay, as_written
from crmlite.extensions import database
from crmlite.rules.working_time import Block
from crmlite.work import Actor, Gone, Refused, Stale, current, operation, records, tell
from crmlite.work.operations import move_epoch

MOST = 366  # days in a row


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysDraft:
    """Days in a row: off, or worked with `blocks` of their own (None: the usual hours). `label` says
    what they are, in one language or both."""

    first: date
    last: date
    works: bool = False
    label: Mapping[str, str]
    blocks: Sequence[Block] | None = None

    def days(self) -> list[date]:
        """Each of them."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def values(self) -> dict[str, Any]:
        """The columns that are alike for all of them."""
        blocks = (
            None if self.blocks is None or not self.works else [list(one) for one in self.blocks]
        )
        return {"works": self.works, "label": dict(self.label), "blocks": blocks}


@operation("calendar_days_set")
def set_days(
    calendar_id: int,
    value: DaysDraft,
    *,
    instead_of: tuple[date, date] | None = None,
    seen: int | None = None,
    by: Actor,
    at: datetime,
) -> int:
    """Set days, over official ones and what was set before; answers the id of the operation, 0 when
    they are so already.

    What was set on the days from `instead_of`'s first to its last is moved: those that are none of
    the new days are cleared. `seen` is the mark of the days as they stood in the form. Raises Gone;
    Stale when others are set by now; Refused (`days-backwards`, `days-too-many`,
    `calendar-without-hours`).
    """
    move_epoch()
    _refuse_gone(calendar_id)
    number = (value.last - value.first).days + 1
    if number < 1:
        raise Refused("days-backwards")
    if number > MOST:
        raise Refused("days-too-many", {"most": MOST})
    now = as_written().days.get(calendar_id, [])
    if seen is not None and seen != days_mark(now):
        raise Stale("calendar", calendar_id)
    changed = _write(calendar_id, value, {one.day: one.id for one in now})
    if instead_of is not None:
        first, last = instead_of
        left = [one.id for one in now if first <= one.day <= last and one.day not in value]
        changed = bool(records.delete_many(CalendarDay, left)) or changed
    return _done(calendar_id) if changed else 0


def _write(calendar_id: int, value: DaysDraft, there: Mapping[date, int]) -> bool:
    """Whether any of the days is another one now; `there` are the ids of those that were set."""
    common, wanted = value.values(), value.days()
    new = [{"calendar_id": calendar_id, "day": day, **common} for day in wanted if day not in there]
    records.insert_many(CalendarDay, new)
    old = {there[day]: common for day in wanted if day in there}
    return bool(records.update_many(CalendarDay, old) or new)


@operation("calendar_days_cleared")
def clear_days(calendar_id: int, first: date, last: date, *, by: Actor, at: datetime) -> int:
    """Let days be again as they officially are; answers the id of the operation, 0 when none of them
    was set. Raises Gone, Refused (`calendar-without-hours`)."""
    move_epoch()
    _refuse_gone(calendar_id)
    now = as_written().days.get(calendar_id, [])
    gone = records.delete_many(CalendarDay, [one.id for one in now if first <= one.day <= last])
    return _done(calendar_id) if gone else 0


def days_mark(days: Sequence[OwnDay]) -> int:
    """A number that is another one as soon as one of these days is."""
    told = [[one.day.isoformat(), one.works, dict(one.label), one.blocks] for one in days]
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return zlib.crc32(text.encode()) & 0x7FFFFFFF  # as large as a form sends


def _done(calendar_id: int) -> int:
    keep_sound([calendar_id])
    tell("calendar_changed", calendar_id=calendar_id)
    return current().id


def _refuse_gone(calendar_id: int) -> None:
    table = WorkingCalendar.__table__
    found = select(table.c.id).where(table.c.id == calendar_id, table.c.state == ACTIVE)
    if database.session.execute(found).first() is None:
        raise Gone("calendar", calendar_id)
