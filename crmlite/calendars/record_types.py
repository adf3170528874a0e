"""How the change record speaks of calendars and of the days set on them."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from crmlite.calendars import wording
from crmlite.calendars.keeping import keep_sound
from crmlite.calendars.models import CalendarDay, WorkingCalendar
from crmlite.calendars.places import country_name, zone_name
from crmlite.calendars.queries import blocks_of
from crmlite.wording import N_, label
from crmlite.work import tell
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType

RIGHT = "calendars:manage"
STATES = {"active": N_("in use"), "deleted": N_("deleted")}


def record_types() -> list[RecordType]:
    """Calendars, and days of them."""
    return [
        RecordType(
            name="calendar",
            label=N_("Working calendar"),
            many=N_("Working calendars"),
            model=WorkingCalendar,
            icon="calendar-time",
            title="label",
            titled=label,
            labels={
                "label": N_("Name"),
                "week": N_("Weekly hours"),
                "zone": N_("Time zone"),
                "country": N_("Official holidays"),
                "is_default": N_("Default calendar"),
                "state": N_("State of the record"),
            },
            wording=_worded,
            edit=RIGHT,
            fixed=("state", "is_default"),
            refresh=_refresh,
            operations={
                "calendar_made_default": N_("Default calendar changed"),
                "calendar_days_set": N_("Days of a calendar set"),
                "calendar_days_cleared": N_("Days of a calendar no longer set"),
            },
        ),
        RecordType(
            name="calendar_day",
            label=N_("Day of a calendar"),
            many=N_("Days of a calendar"),
            model=CalendarDay,
            icon="calendar-event",
            title="day",
            labels={
                "day": N_("Day"),
                "works": N_("Worked"),
                "label": N_("Name"),
                "blocks": N_("Hours"),
            },
            wording=_worded,
            edit=RIGHT,
            fixed=("day", "calendar_id"),
        ),
    ]


def _refresh(ids: Sequence[int]) -> None:
    """After an undo: every process reads them anew, all is still sound, and due times follow."""
    move_epoch()
    keep_sound(ids)
    for calendar_id in ids:
        tell("calendar_changed", calendar_id=calendar_id)


def _worded(column: str, value: Any) -> str | None:
    match column:
        case "label":
            return label(value)
        case "week":
            return wording.week([blocks_of(day) for day in value])
        case "blocks":
            return wording.hours(blocks_of(value))
        case "zone":
            return zone_name(value)
        case "country":
            return country_name(value) or _("none")
        case "state":
            return label(STATES.get(value, str(value)))
    return None
