"""Working time: what a calendar of weekly hours, holidays and make-up days makes of a span of time.

`calendar` says when people work, `counting` adds working minutes, working days and elapsed hours to a
moment and says its steps, `reading` takes hours as people write them.
"""

from crmlite.rules.working_time.calendar import (
    Block,
    Calendar,
    ExceptionalDay,
    NoWorkingTime,
    Span,
    blocks_of,
)
from crmlite.rules.working_time.counting import (
    Counted,
    Due,
    Held,
    Rested,
    Step,
    Target,
    Unit,
    Whole,
    after,
    between,
    elapsed_after,
    working_time_after,
)
from crmlite.rules.working_time.reading import read_hours, read_week, written

__all__ = [
    "Block",
    "Calendar",
    "Counted",
    "Due",
    "ExceptionalDay",
    "Held",
    "NoWorkingTime",
    "Rested",
    "Span",
    "Step",
    "Target",
    "Unit",
    "Whole",
    "after",
    "between",
    "blocks_of",
    "elapsed_after",
    "read_hours",
    "read_week",
    "working_time_after",
    "written",
]
