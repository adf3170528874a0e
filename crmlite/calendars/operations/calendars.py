"""Calendars: adding them, changing them, choosing the default one, giving them up.

Each operation moves the epoch first, so that every process reads calendars anew and no two of them are
changed at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crmlite.calendars.keeping import keep_sound, refuse_used
from crmlite.calendars.models import WorkingCalendar
from crmlite.calendars.queries import ACTIVE, CalendarEntry, Week, as_written
from crmlite.db.columns import new_uid
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell
from crmlite.work.operations import move_epoch

DELETED = "deleted"
COUNTED = ("zone", "country", "week")  # what due times follow from


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarDraft:
    """A calendar: its name in both languages, seven days of hours, its zone and country; None for
    those of the firm, an empty country for no official holidays."""

    label: Mapping[str, str]
    week: Week
    zone: str | None = None
    country: str | None = None

    def values(self) -> dict[str, Any]:
        """The columns."""
        return {
            "label": dict(self.label),
            "week": [_kept(day) for day in self.week],
            "zone": self.zone,
            "country": self.country,
        }


@operation("calendar_created")
def create_calendar(value: CalendarDraft, *, by: Actor, at: datetime) -> dict[str, int]:
    """Add a calendar; answers `{"id", "operation"}`.

    Raises Refused (`calendar-exists`, `calendar-without-hours`).
    """
    move_epoch()
    _refuse_double(value.label)
    calendar_id = records.insert(
        WorkingCalendar, {"key": f"calendar_{new_uid()}", **value.values()}
    )
    keep_sound([calendar_id])
    return {"id": calendar_id, "operation": current().id}


@operation("calendar_updated")
def update_calendar(
    calendar_id: int, value: CalendarDraft, *, version: int | None = None, by: Actor, at: datetime
) -> int:
    """Change a calendar; answers the id of the operation, 0 when nothing changed.

    Raises Gone, Stale, Refused (`calendar-exists`, `calendar-without-hours`).
    """
    move_epoch()
    _active(calendar_id)
    _refuse_double(value.label, besides=calendar_id)
    changed = records.update(WorkingCalendar, calendar_id, value.values(), version=version)
    keep_sound([calendar_id])
    if any(name in changed for name in COUNTED):
        tell("calendar_changed", calendar_id=calendar_id)
    return current().id if changed else 0


@operation("calendar_made_default")
def make_default(calendar_id: int, *, by: Actor, at: datetime) -> int:
    """Have everybody who has chosen no calendar use this one; answers the id of the operation, 0
    when it is the default. Raises Gone."""
    move_epoch()
    _active(calendar_id)
    old = as_written().default.id
    if old == calendar_id:
        return 0
    records.update(WorkingCalendar, old, {"is_default": False})
    records.update(WorkingCalendar, calendar_id, {"is_default": True})
    tell("calendar_changed", calendar_id=calendar_id)
    return current().id


@operation("calendar_deleted")
def delete_calendar(calendar_id: int, *, by: Actor, at: datetime) -> int:
    """Take a calendar away; it can be brought back. Answers the id of the operation.

    Raises Gone, Refused (`calendar-is-default`, `calendar-in-use` with `users`).
    """
    move_epoch()
    if _active(calendar_id).is_default:
        raise Refused("calendar-is-default")
    refuse_used(calendar_id)
    records.update(WorkingCalendar, calendar_id, {"state": DELETED})
    return current().id


@operation("calendar_restored")
def restore_calendar(calendar_id: int, *, by: Actor, at: datetime) -> int:
    """Bring a deleted calendar back; answers the id of the operation, 0 when it is there.

    Raises Gone, Refused (`calendar-exists`): another one has its name by now.
    """
    move_epoch()
    found = as_written().entries.get(calendar_id)
    if found is None:
        raise Gone("calendar", calendar_id)
    _refuse_double(found.label, besides=calendar_id)
    changed = records.update(WorkingCalendar, calendar_id, {"state": ACTIVE})
    keep_sound([calendar_id])
    return current().id if changed else 0


def _active(calendar_id: int) -> CalendarEntry:
    found = as_written().entries.get(calendar_id)
    if found is None or not found.active:
        raise Gone("calendar", calendar_id)
    return found


def _refuse_double(label: Mapping[str, str], *, besides: int = 0) -> None:
    """Refused when another calendar has the same name in one of the languages."""
    wanted = {words.casefold() for words in label.values() if words}
    for one in as_written().entries.values():
        if one.id == besides or not one.active:
            continue
        if taken := [words for words in one.label.values() if words.casefold() in wanted]:
            raise Refused("calendar-exists", {"name": taken[0]})


def _kept(blocks: Sequence[Sequence[int]]) -> list[list[int]]:
    """Hours as the database keeps them."""
    return [[start, end] for start, end in blocks]
