"""What the pages of a calendar show: the calendar itself, and the days of one of its years."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import abort, request
from flask_babel import gettext as _

from crmlite import clock
from crmlite.calendars import queries, wording
from crmlite.calendars.places import country_name
from crmlite.calendars.queries import CalendarEntry
from crmlite.calendars.year import FIRST, LAST, Row, rows_of
from crmlite.rules.working_time import Block, ExceptionalDay
from crmlite.wording import label


def found(calendar_id: int) -> CalendarEntry:
    """A calendar; 404 when there is none."""
    one = queries.entry(calendar_id)
    if one is None:
        abort(404)
    return one


def asked_year(one: CalendarEntry) -> int:
    """The year that is looked at: that of the address, else the one it is there."""
    text = request.values.get("year", "")
    if text.isascii() and text.isdigit() and len(text) == 4 and FIRST <= int(text) <= LAST:
        return int(text)
    return clock.today(ZoneInfo(queries.calendar_of(one.id).zone.key)).year


def year_of(one: CalendarEntry, year: int) -> dict[str, Any]:
    """What the part with the days of a year needs."""
    calendar = queries.calendar_of(one.id)
    announced = calendar.announced_to
    return {
        "calendar": one,
        "year": year,
        "years": [near for near in (year - 1, year, year + 1) if FIRST <= near <= LAST],
        "rows": [_in_words(row) for row in rows_of(one.id, year)],
        "country": country_name(queries.country_of(one)),
        "unannounced": announced is not None and year > announced.year,
    }


def _in_words(row: Row) -> dict[str, Any]:
    """A row as the table shows it."""
    return {
        "first": row.first.isoformat(),
        "last": row.last.isoformat(),
        "when": wording.days(row.first, row.last),
        "name": label(row.name),
        "worked": bool(row.blocks),
        "hours": _hours(row.blocks),
        "own": row.own,
        "officially": _officially(row.instead_of),
    }


def _officially(day: ExceptionalDay | None) -> str:
    """What a day officially is that a manager has made another one."""
    if day is None:
        return ""
    name = label(day.name)
    if day.works:
        return _("officially a make-up working day for %(name)s", name=name)
    return _("officially off: %(name)s", name=name)


def _hours(blocks: Sequence[Block]) -> str:
    return wording.hours(blocks) if blocks else _("day off")
