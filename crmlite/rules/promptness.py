"""The 24-hour rule: whatever people learn is to be written down within a day."""

from datetime import datetime, timedelta

IN_TIME = timedelta(hours=24)


def is_late(happened_at: datetime, written_at: datetime) -> bool:
    """Whether something was written down more than a day after it happened or was learnt."""
    return written_at - happened_at > IN_TIME


def last_moment(happened_at: datetime) -> datetime:
    """Until when something that happened may be written down in time."""
    return happened_at + IN_TIME
