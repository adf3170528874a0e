"""The calendar that every book contains: an office's week, where and when the firm is.

Its time zone and country are the firm's, whatever those are set to, until a manager gives it its own on
its page. So a firm that says in its settings where it is need not say it again.
"""

from datetime import datetime

from sqlalchemy import select

from crmlite.calendars.models import WorkingCalendar
from crmlite.extensions import database
from crmlite.work import records
from crmlite.work.shipped import ShippedData

KEY = "office"
LABEL = {"en": "Office hours", "zh": "标准工作时间"}
DAY = [[9 * 60, 12 * 60], [13 * 60 + 30, 18 * 60]]
WEEK = [*([DAY] * 5), [], []]


def shipped_data() -> ShippedData:
    """The default calendar, put in where a book has none."""
    return ShippedData("calendars", put_in)


def put_in(_at: datetime) -> None:
    """Add it to a book without calendars: a firm may have given all of them up for its own."""
    if database.session.execute(select(WorkingCalendar.__table__.c.id)).first() is None:
        values = {"key": KEY, "label": LABEL, "week": WEEK, "is_default": True}
        records.insert(WorkingCalendar, values)
