"""When a touch is due: the rule of the plan, with everything handed in.

A touch that comes again and again counts from the last contact that fulfils it; one around a day has
its day from what is recorded of the customer. The answer says from what it was counted, so that the
plan can say why, and up to which day it may be put off.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from crmlite.rules.strategies import FESTIVALS, Around, Every, Touch

DAY = timedelta(days=1)
MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "year": 12}
DAYS: Mapping[str, int] = {"day": 1, "week": 7}
MESSAGE, PHONE, MEETING, VISIT = 1, 2, 3, 4
YEAR = 365.25  # days
STRENGTH: Mapping[str, int] = {
    "phone": PHONE,
    "meeting": MEETING,
    "online": MEETING,
    "visit": VISIT,
}
"""How much of a contact a channel is: visit > meeting > phone > message; what is not named here
is a message."""
LONGEST_REST = 400  # days without work after which a day stays where it is
OVERDUE_AFTER = 30  # days for which a touch after a day is still worth beginning
AHEAD = timedelta(days=45)  # before its day that a touch around one is planned

WorksOn = Callable[[date], bool]


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """When a touch is to be done.

    on          the day, on which people work
    counted     the day as it was reckoned, before days off were left out
    since       the day from which it was counted: the last contact that fulfilled it, or None where
                there was none and it counts from the day on which the strategy began to serve
    anchor      the day around which it lies; None for one that comes again and again
    before      the day on which it would be due again, or lapses: it is never put off that far
    """

    on: date
    counted: date
    since: date | None = None
    anchor: date | None = None
    before: date


def strength(channel: str) -> int:
    """How much of a contact a channel is, from 1 to 4."""
    return STRENGTH.get(channel, MESSAGE)


def fulfils(channel: str, touch: Touch) -> bool:
    """Whether a real contact by a channel fulfils a touch: its own or a stronger one does, unless the
    touch has a purpose of its own or only sends."""
    return not touch.purpose and not touch.sends and strength(channel) >= strength(touch.channel)


def a_week(cadence: Every | Around) -> float:
    """How many times a week a touch comes, on the average of years; 0.0 where that is not known, since
    it depends on what happens."""
    match cadence:
        case Every(count, unit):
            days = DAYS.get(unit) or YEAR * MONTHS[unit] / MONTHS["year"]
            return DAYS["week"] / (days * count)
        case Around(_days, field=dated_by, event=event):
            comes_yearly = event in FESTIVALS or dated_by == "birthday"
            return DAYS["week"] / YEAR if comes_yearly else 0.0


def later(day: date, every: Every, times: int = 1) -> date:
    """A day one cadence later, or several. The last day of a shorter month stands for those that it
    lacks: a month after 31 January is 28 February, a year after 29 February, too."""
    count = every.count * times
    if every.unit in DAYS:
        return day + timedelta(days=count * DAYS[every.unit])
    year, month = divmod(day.year * 12 + day.month - 1 + count * MONTHS[every.unit], 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_again(every: Every, *, begun: date, last: date | None, works_on: WorksOn) -> Due:
    """When a touch that comes again and again is due.

    `begun` is the day on which the strategy began to serve the customer: nothing is due earlier,
    however long ago the last contact was. `last` is the day of the last contact that fulfils the
    touch, or on which it was done or left out; None if there was none.
    """
    counted = max(later(last or begun, every), begun)
    on = working_day(counted, works_on)
    return Due(on=on, counted=counted, since=last, before=max(later(counted, every), on + DAY))


def due_around(
    around: Around,
    anchors: Iterable[date],
    *,
    begun: date,
    today: date,
    closed: Iterable[date] = (),
    contacts: Iterable[date] = (),
    works_on: WorksOn,
) -> Due | None:
    """When a touch around a day is due; None when there is nothing to do.

    `anchors` are the days around which it lies, such as the birthdays of this year and the next;
    `closed` those for which it was done or left out; `contacts` the days of contacts that fulfil it.
    What happened before the strategy began, and what has lapsed by today, is not made up for: nobody
    wants a birthday wish three weeks late. The earliest that is left counts, once it is near.
    """
    done, met = set(closed), sorted(contacts)
    for anchor in sorted(set(anchors) - done):
        found = _around(around, anchor, begun, works_on)
        if found.counted > today + AHEAD:
            return None
        is_late = found.before <= max(begun, today) or (around.days > 0 and anchor < begun)
        if not is_late and not _met(around, found, anchor, met):
            return found
    return None


def _around(around: Around, anchor: date, begun: date, works_on: WorksOn) -> Due:
    """Nothing is due before the strategy began, so that nothing is late from the first day on."""
    counted = anchor + timedelta(days=around.days)
    if around.days > 0:
        on = working_day(counted, works_on)
        end = counted + timedelta(days=OVERDUE_AFTER)
    else:
        on = max(working_day(counted, works_on, back=True), min(begun, anchor))
        end = anchor + DAY
    return Due(on=on, counted=counted, anchor=anchor, before=max(end, on + DAY))


def _met(around: Around, found: Due, anchor: date, met: list[date]) -> bool:
    """Whether a contact has done already what the touch is for: later than the day itself, for what
    happened then is no answer to it, or, of one that lies before, from its own day on."""
    first = anchor + DAY if around.days > 0 else min(found.on, found.counted)
    return any(first <= day < found.before for day in met)


def working_day(day: date, works_on: WorksOn, *, back: bool = False) -> date:
    """The next day on which people work, or the last one before; the day itself where nobody works for
    more than a year."""
    step = -DAY if back else DAY
    found = day
    for _ in range(LONGEST_REST):
        if works_on(found):
            return found
        found += step
    return day
