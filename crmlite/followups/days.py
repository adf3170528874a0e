"""Days that people mean most when they put something off."""

from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext


def soon(today: date) -> list[tuple[date, str]]:
    """Tomorrow, three working days on, next Monday, each with its name."""
    return [
        (today + timedelta(days=1), _("Tomorrow")),
        (working_days_on(today, 3), ngettext("+%(num)d working day", "+%(num)d working days", 3)),
        (today + timedelta(days=7 - today.weekday()), _("Next Monday")),
    ]


def working_days_on(day: date, count: int) -> date:
    """The day `count` weekdays later."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day
