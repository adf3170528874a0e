"""What time it is: the only place that asks the computer's clock."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def today(zone: tzinfo) -> date:
    """The calendar day it is in a time zone."""
    return now().astimezone(zone).date()
