"""Working time in the reader's words: days, hours, amounts, and why something is due when it is."""

from crmlite.calendars.wording.amounts import amount, elapsed, target
from crmlite.calendars.wording.explaining import OPENED, explanation, lines
from crmlite.calendars.wording.spans import day, days, hours, moment, week
from crmlite.calendars.wording.telling import Line

__all__ = [
    "OPENED",
    "Line",
    "amount",
    "day",
    "days",
    "elapsed",
    "explanation",
    "hours",
    "lines",
    "moment",
    "target",
    "week",
]
