"""Until when something is due, to the moment; and whether a promise was kept."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from crmlite import settings

Row = Mapping[str, Any]
OPEN, LATE, KEPT, BROKEN, DROPPED = "open", "late", "kept", "broken", "dropped"


def firm_zone() -> ZoneInfo:
    """The time zone of the firm, by which days are counted."""
    return ZoneInfo(settings.get("timezone"))


def deadline(due_on: date, due_at: datetime | None, zone: ZoneInfo) -> datetime:
    """The moment after which something is late: its own, else the end of its day."""
    return due_at or datetime.combine(due_on + timedelta(days=1), time(), zone)


def standing(task: Row, now: datetime, zone: ZoneInfo) -> str:
    """How a promise stands: open, late, kept (done in time), broken (done late), dropped. One of which
    nobody knows when it was done counts as kept."""
    until = deadline(task["due_on"], task["due_at"], zone)
    if task["status"] == "dropped":
        return DROPPED
    if task["status"] == "open":
        return LATE if now > until else OPEN
    closed_at = task["closed_at"]
    return KEPT if closed_at is None or closed_at <= until else BROKEN


def next_alert(task: Row, zone: ZoneInfo) -> datetime | None:
    """The next moment at which somebody is to be told of a task: its assignee when they wanted to be
    reminded, who leads them when a promise is late. What comes before they were last told was told
    with it. None when there is nothing more to tell."""
    if task["status"] != "open" or task["state"] != "active":
        return None
    moments = [task["remind_at"]]
    if task["kind"] == "promise":
        moments.append(deadline(task["due_on"], task["due_at"], zone))
    told = task["alerted_at"]
    ahead = [one for one in moments if one is not None and (told is None or one > told)]
    return min(ahead, default=None)
