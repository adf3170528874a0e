"""Days that people mean most when they put something off."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.calendars.queries import calendar_of
from crmlite.rules.working_time import NoWorkingTime

DAY = timedelta(days=1)


def soon(today: date) -> list[tuple[date, str]]:
    """Tomorrow, three working days on, next Monday, each with its name."""
    return [
        (today + timedelta(days=1), _("Tomorrow")),
        (working_days_on(today, 3), ngettext("+%(num)d working day", "+%(num)d working days", 3)),
        (today + timedelta(days=7 - today.weekday()), _("Next Monday")),
    ]


def working_days_on(day: date, count: int) -> date:
    """The day `count` working days later by the firm's calendar; without a calendar on which anybody
    works, by weekdays."""
    found = day
    try:
        for _turn in range(count):
            found = calendar_of(None).next_working_day(found + DAY)
    except NoWorkingTime:
        found = day
        while count:
            found += DAY
            count -= found.weekday() < 5
    return found
