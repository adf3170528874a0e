"""The calendar of a person as other programs read it (RFC 5545)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from crmlite.agenda.items import Item
from crmlite.dashboard.estimates import minutes_of

DAY = timedelta(days=1)
MAKER = "-//crmlite//calendar//EN"
AGAIN = "PT1H"  # how soon programs are to ask again


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """A task as a feed tells it: `uid` names it for good, `version` grows with each change."""

    uid: str
    item: Item
    url: str
    changed_at: datetime
    version: int


def calendar_text(title: str, entries: Sequence[Entry]) -> str:
    """A calendar in the form in which programs exchange them. Moments stand in UTC, which every
    program shows in the reader's own time zone; what has no moment belongs to its whole day."""
    import vobject

    found = vobject.iCalendar()
    for name, value in (
        ("prodid", MAKER),
        ("method", "PUBLISH"),
        ("x-wr-calname", title),
        ("refresh-interval", AGAIN),
        ("x-published-ttl", AGAIN),
    ):
        found.add(name).value = value
    found.refresh_interval.value_param = "DURATION"
    for entry in entries:
        _add(found, entry)
    return str(found.serialize())


def _add(found: Any, entry: Entry) -> None:
    from vobject.icalendar import utc

    event, item = found.add("vevent"), entry.item
    event.add("uid").value = entry.uid
    event.add("dtstamp").value = entry.changed_at.astimezone(utc)
    event.add("last-modified").value = entry.changed_at.astimezone(utc)
    event.add("sequence").value = str(entry.version)
    for name, moment in zip(("dtstart", "dtend"), _span(item), strict=True):
        event.add(name).value = moment.astimezone(utc) if isinstance(moment, datetime) else moment
    event.add("summary").value = clean(" · ".join(one for one in (item.what, item.who) if one))
    if item.why:
        event.add("description").value = clean(item.why)
    if entry.url:
        event.add("url").value = entry.url
    event.add("transp").value = "OPAQUE" if item.at else "TRANSPARENT"


def _span(item: Item) -> tuple[date | datetime, date | datetime]:
    """From when to when: about as long as such a contact takes, or the whole day."""
    if item.at is None:
        return item.on, item.on + DAY
    return item.at, item.at + timedelta(minutes=minutes_of(item.channel))


def clean(text: str) -> str:
    """A text without signs that no program expects."""
    return "".join(sign for sign in text if sign.isprintable() or sign in " \n\t")
