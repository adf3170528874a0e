"""What stands in a stream by its day alone: a day has no hour, so it stands in the middle of it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from crmlite.followups.deadlines import firm_zone

NOON = time(12)


def noon(day: date) -> datetime:
    """The middle of a day at the firm."""
    return datetime.combine(day, NOON, firm_zone())


def further(day: Any, row_id: Any, prefix: str, at: datetime, key: str) -> ColumnElement[bool]:
    """Rows that come after a moment and key of the stream, newest first; their own keys are like
    `prefix-000000000012`."""
    there = at.astimezone(firm_zone()).date()
    middle = noon(there)
    if at != middle:
        return day <= there if middle < at else day < there
    kind, _, number = key.rpartition("-")
    if kind == prefix and number.isdigit():
        return or_(day < there, and_(day == there, row_id < int(number)))
    return day <= there if prefix < kind else day < there
