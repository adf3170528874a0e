"""Changing calendars and their days."""

from crmlite.calendars.operations.calendars import (
    CalendarDraft,
    create_calendar,
    delete_calendar,
    make_default,
    restore_calendar,
    update_calendar,
)
from crmlite.calendars.operations.days import DaysDraft, clear_days, days_mark, set_days
from crmlite.calendars.operations.news import look_for_news

__all__ = [
    "CalendarDraft",
    "DaysDraft",
    "clear_days",
    "create_calendar",
    "days_mark",
    "delete_calendar",
    "look_for_news",
    "make_default",
    "restore_calendar",
    "set_days",
    "update_calendar",
]
