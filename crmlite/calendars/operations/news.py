"""What follows when official days become other ones: a new release of crmlite's library knows the
make-up days of a year that were announced meanwhile, or the firm says in its settings where it is."""

from datetime import datetime

from sqlalchemy import select, update

from crmlite.calendars import official
from crmlite.calendars.models import WorkingCalendar
from crmlite.calendars.queries import as_written, country_of
from crmlite.extensions import database
from crmlite.work import Actor, operation, tell

BACK, AHEAD = 1, 3  # years in which due times lie


@operation("calendars_looked_over", traced=False)
def look_for_news(*, by: Actor, at: datetime) -> int:
    """Have due times made anew on calendars whose official days are others than when this was asked
    last; answers how many there are."""
    table, years = WorkingCalendar.__table__, range(at.year - BACK, at.year + AHEAD)
    known = dict(database.session.execute(select(table.c.id, table.c.official)).all())
    found = 0
    for one in as_written().entries.values():
        country = country_of(one)
        mark = official.mark(country, years) if country else ""
        if mark == known[one.id]:
            continue
        database.session.execute(update(table).where(table.c.id == one.id).values(official=mark))
        if known[one.id] is not None and one.active:
            tell("calendar_changed", calendar_id=one.id)
            found += 1
    return found


def follow_zone() -> None:
    """The firm is in another time zone: so are the calendars that have none of their own."""
    for one in as_written().entries.values():
        if one.active and one.zone is None:
            tell("calendar_changed", calendar_id=one.id)


def follow_country() -> None:
    """The firm is in another country: so are the calendars that have none of their own."""
    for one in as_written().entries.values():
        if one.active and one.country is None:
            tell("calendar_changed", calendar_id=one.id)
