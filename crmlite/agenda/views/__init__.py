"""Pages of the calendar."""

from crmlite.agenda.views import calendar, feeds, sweep
from crmlite.agenda.views.blueprint import bp

__all__ = ["bp", "calendar", "feeds", "sweep"]
