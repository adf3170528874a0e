"""Clocks of cases in the reader's words: how much time is left, and why it is due when it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import pgettext

from crmlite import hooks
from crmlite.calendars.wording import Line, amount, elapsed, explanation, moment, target
from crmlite.cases.clocks import CaseClock
from crmlite.cases.words import CLOCK_ICONS, clock_label, kind_label, listed
from crmlite.customers.choices import choice_label
from crmlite.rules.casework import ClockName
from crmlite.rules.sla import Named
from crmlite.rules.working_time import Calendar, Unit, between
from crmlite.wording import N_, label

Row = Mapping[str, Any]
LEFT = {
    ClockName.RESPONSE: N_("to the first response"),
    ClockName.PLAN: N_("to agree the plan with the customer"),
    ClockName.PROGRESS: N_("to the next progress report"),
    ClockName.RESOLUTION: N_("to resolve it"),
    ClockName.REVISIT: N_("to ask the customer whether it is settled"),
}
BEGINS = {
    ClockName.RESPONSE: N_("Opened %(when)s"),
    ClockName.PLAN: N_("Opened %(when)s"),
    ClockName.PROGRESS: N_("Last report %(when)s"),
    ClockName.RESOLUTION: N_("Opened %(when)s"),
    ClockName.REVISIT: N_("Resolved %(when)s"),
}
REOPENED = N_("Reopened %(when)s")
HOUR, TENTH, MINUTE = timedelta(hours=1), timedelta(minutes=6), timedelta(minutes=1)
SOON = timedelta(hours=2)  # of working time; the queue turns amber


@dataclass(frozen=True, kw_only=True, slots=True)
class Goal:
    """A clock as a small line: its picture, what it measures, how it stands."""

    icon: str
    label: str
    text: str
    state: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Face:
    """The clock that is due next, as the page draws it."""

    left: str
    text: str
    due: str
    percent: int
    percent_text: str
    state: str
    why: Sequence[Line]


def _amount(time: timedelta, unit: str) -> str:
    return elapsed(time) if unit == Unit.ELAPSED else amount(time)


def left_in_brief(left: timedelta, unit: str) -> str:
    """How much time is left, or by how much it is late, for lists; `unit` is what it is counted in,
    working time is named as such and counted in hours."""
    is_late, left = left < timedelta(), abs(left)
    if unit == Unit.ELAPSED:
        time = elapsed(left)
    elif left < HOUR:
        time = _("%(minutes)s working min", minutes=int(left / MINUTE))
    else:
        hours = f"{int(left / TENTH) / 10:g}"
        time = _("%(hours)s working h", hours=hours)
    return _("%(amount)s late", amount=time) if is_late else _("%(amount)s left", amount=time)


def due_moment(due: datetime, now: datetime, zone: ZoneInfo) -> str:
    """When something is due: the time on the wall, before it the day where that is not today."""
    at = due.astimezone(zone)
    if at.date() == now.astimezone(zone).date():
        return _("Today, %(time)s", time=f"{at.hour}:{at.minute:02}")
    return moment(due, zone, with_year=at.year != now.astimezone(zone).year)


def state_of(left: timedelta, *, is_held: bool) -> str:
    """How that is drawn: late, soon or nothing."""
    if is_held:
        return ""
    return "late" if left < timedelta() else "soon" if left <= SOON else ""


def left_until(due: datetime, unit: str, now: datetime, calendar: Calendar) -> timedelta:
    """The time left to a due time, of the kind in which it is counted; negative once it is late."""
    first, last = sorted((now, due))
    found = last - first if unit == Unit.ELAPSED else between(calendar, first, last)
    return found if due >= now else -found


def goal(clock: CaseClock, calendar: Calendar) -> Goal:
    """A clock as a small line."""
    reading = clock.reading
    if reading.is_stopped:
        text = (
            _("late by %(amount)s", amount=_amount(-reading.left, clock.unit))
            if reading.is_breached
            else _("kept")
        )
        state = "late" if reading.is_breached else "kept"
    else:
        text = _("on hold") if reading.is_held else moment(reading.due, calendar.zone)
        state = state_of(reading.left, is_held=reading.is_held)
    return Goal(icon=CLOCK_ICONS[clock.name], label=clock_label(clock.name), text=text, state=state)


def face(
    clock: CaseClock,
    case: Row,
    calendar: Calendar,
    reasons: Mapping[datetime, str],
    *,
    again: bool,
    act_by: datetime | None = None,
) -> Face:
    """The clock that is due next, with its explanation; `again` says that the case was reopened,
    `act_by` until when its task is to be done, where it has one."""
    reading = clock.reading
    unit = clock.unit
    words = label(LEFT[clock.name])
    if unit != Unit.ELAPSED:
        words = (
            _("of working time left %(what)s", what=words) if reading.left >= timedelta() else words
        )
    left = _amount(abs(reading.left), unit)
    if reading.is_breached:
        left, words = _("%(amount)s late", amount=left), clock_label(clock.name)
    percent = _percent(clock, calendar)
    return Face(
        left=_("On hold") if reading.is_held else left,
        text=_("waiting for the customer, then it goes on") if reading.is_held else words,
        due="" if reading.is_held else _("due %(when)s", when=moment(reading.due, calendar.zone)),
        percent=percent,
        percent_text=_("%(percent)s%% of the time has passed", percent=percent),
        state=state_of(reading.left, is_held=reading.is_held),
        why=why(clock, case, calendar, reasons, again=again, act_by=act_by),
    )


def why(
    clock: CaseClock,
    case: Row,
    calendar: Calendar,
    reasons: Mapping[datetime, str],
    *,
    again: bool,
    act_by: datetime | None = None,
) -> Sequence[Line]:
    """Why a clock is due when it is, line by line."""
    reading = clock.reading
    if reading.named is None:
        agreed = Line(_("Agreed with the customer"), _("its date is a promise"), "")
        return [agreed, Line(pgettext("of a clock", "Due"), "", moment(reading.due, calendar.zone))]
    named = reading.named
    begins = BEGINS[clock.name]
    if again and clock.name in (ClockName.PLAN, ClockName.RESOLUTION):
        begins = REOPENED
    return explanation(
        start=clock.start,
        what=named_words(named, case, clock.name) + _(": ") + target(named.target),
        steps=reading.steps,
        due=reading.due,
        calendar=calendar,
        begins=begins,
        act_by=None if reading.is_stopped else act_by or reading.act_by,
        elapsed=named.target.unit == Unit.ELAPSED,
        reasons=reasons,
    )


def named_words(named: Named, case: Row, clock: str) -> str:
    """For what a deadline was set, and the pack that did: `level severe`, `Line down (Manufacturing)`."""
    what = _set_for(named, case, clock)
    if not named.pack:
        return what
    return _("%(what)s (%(pack)s)", what=what, pack=label(hooks.title(named.pack)))


def _set_for(named: Named, case: Row, clock: str) -> str:
    match named.by:
        case "level":
            return _("level %(level)s", level=listed("level", case["level"]))
        case "category":
            return listed("category", case["category"])
        case "tier":
            return _("tier %(tier)s", tier=choice_label("tier", case["customer_tier"]))
        case "kind":
            return kind_label(case["kind"])
    return _("complex cases") if clock == ClockName.PROGRESS else _("every case")


def _percent(clock: CaseClock, calendar: Calendar) -> int:
    """How much of the time has passed, of 100."""
    reading = clock.reading
    if reading.is_breached:
        return 100
    whole = left_until(reading.due, clock.unit, clock.start, calendar)
    if whole <= timedelta():
        return 100
    return min(100, max(0, round(100 * (1 - reading.left / whole))))
