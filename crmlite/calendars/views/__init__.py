"""Pages of the working calendars."""

from crmlite.calendars.views import calendars, days
from crmlite.calendars.views.blueprint import bp

__all__ = ["bp", "calendars", "days"]
