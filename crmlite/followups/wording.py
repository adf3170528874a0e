"""Tasks in the reader's words: when they are due, how they come again, how a promise went."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.followups import deadlines
from crmlite.wording import due, on_day, time_of_day

Row = Mapping[str, Any]
SOON = timedelta(hours=3)


def repeat_words(repeat: Mapping[str, Any] | None) -> str:
    """How a task comes again, such as "every 2 weeks"; empty for one that comes once."""
    if not repeat:
        return ""
    every = repeat["every"]
    match repeat["unit"]:
        case "days":
            return ngettext("daily", "every %(num)d days", every)
        case "weeks":
            return ngettext("weekly", "every %(num)d weeks", every)
    return ngettext("monthly", "every %(num)d months", every)


def due_words(due_on: date, due_at: datetime | None) -> str:
    """Until when something is due: how late it is, or the day, with the time where it has one."""
    today = clock.today(deadlines.firm_zone())
    if due_at is None or due_on < today:
        return due(due_on)
    if due_on == today:
        return time_of_day(due_at)
    return f"{on_day(due_on)} {time_of_day(due_at)}"


def due_state(due_on: date, due_at: datetime | None) -> str:
    """How that is drawn: `late`, `soon` on the day itself or, with a time, in the hours before it."""
    now = clock.now()
    today = clock.today(deadlines.firm_zone())
    if due_on < today or (due_at is not None and due_at < now):
        return "late"
    if due_on > today or (due_at is not None and due_at - now > SOON):
        return ""
    return "soon"


def promise_words(task: Row) -> str:
    """How a promise stands."""
    match standing(task):
        case deadlines.KEPT:
            return _("kept in time")
        case deadlines.BROKEN:
            return _("kept late")
        case deadlines.DROPPED:
            return _("withdrawn")
    return due_words(task["due_on"], task["due_at"])


def promise_state(task: Row) -> str:
    """How that is drawn: `kept`, `late`, `soon`, or nothing."""
    match standing(task):
        case deadlines.KEPT:
            return "kept"
        case deadlines.BROKEN | deadlines.LATE:
            return "late"
        case deadlines.DROPPED:
            return ""
    return due_state(task["due_on"], task["due_at"])


def standing(task: Row) -> str:
    """How a promise stands as of now; see `deadlines.standing`."""
    return deadlines.standing(task, clock.now(), deadlines.firm_zone())
