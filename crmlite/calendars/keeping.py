"""What must hold of all calendars: one is the default, all have working time, and none is deleted that
somebody uses."""

from collections.abc import Iterable
from datetime import timedelta

from crmlite.calendars.queries import Memory, OwnDay, as_written
from crmlite.calendars.uses import users_of
from crmlite.rules.working_time import Calendar, NoWorkingTime
from crmlite.work import Refused

DAY = timedelta(days=1)


def keep_sound(calendar_ids: Iterable[int]) -> None:
    """Refuses what would break that: `calendar-default` (none or two of them are it, or it is
    deleted), `calendar-in-use`, `calendar-without-hours`.

    Belongs inside the operation, after its change. The operation must move the epoch first: that one
    row is what keeps two of them from each counting on the other's default.
    """
    now = as_written()
    if [one.active for one in now.entries.values() if one.is_default] != [True]:
        raise Refused("calendar-default")
    for calendar_id in calendar_ids:
        entry = now.entries.get(calendar_id)
        if entry is not None and entry.active:
            _refuse_idle(now, calendar_id)
        elif entry is not None:
            refuse_used(calendar_id)


def refuse_used(calendar_id: int) -> None:
    """Refuses (`calendar-in-use`) while anybody uses a calendar."""
    if users := users_of(calendar_id):
        raise Refused("calendar-in-use", {"users": users})


def _refuse_idle(now: Memory, calendar_id: int) -> None:
    calendar = now.calendar(calendar_id)
    try:
        if not any(calendar.week):
            raise NoWorkingTime
        _find_work(calendar, now.days.get(calendar_id, ()))
    except NoWorkingTime:
        raise Refused("calendar-without-hours") from None


def _find_work(calendar: Calendar, own: Iterable[OwnDay]) -> None:
    """Raises NoWorkingTime when people rest for longer than anybody counts, from a day on that a
    manager has set off: no country has so many holidays."""
    off = {one.day for one in own if not one.works}
    for day in sorted(off):
        if day - DAY not in off:
            calendar.next_working_day(day)
