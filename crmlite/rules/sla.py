"""A clock of a case: when it is due, by a target, a working calendar and what happened.

Nothing is stored but events: each reading is made anew from all of them, in whatever order they are
given. Time on hold is added to the due time in the target's own kind: working time for working minutes
and working days, any time for elapsed hours. What happens after a clock was due changes it no more.
Where a case that is opened at night is due, follows from `working_time/counting.py`.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from crmlite.rules.working_time import (
    Calendar,
    Due,
    Held,
    Span,
    Step,
    Target,
    Unit,
    after,
    between,
    elapsed_after,
    working_time_after,
)

NONE = timedelta()


class Hold(NamedTuple):
    """A time on hold: the case waits for the customer. `end` is None while it still does."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """A target, and what it was set for: a level, a category, a tier. `pack` is the pack that names it,
    empty for crmlite and the firm."""

    by: str
    target: Target
    pack: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """What is measured: from when, until when (None: it runs), and what targets are named. Of several
    the one that falls due first stands. A moment that was `agreed` with the customer stands in place
    of all of them, and time on hold does not put it off: it was promised."""

    start: datetime
    targets: Sequence[Named]
    stop: datetime | None = None
    agreed: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """A clock at a moment.

    `due` is when it falls due, or fell; while it is on hold, when it would if it went on now. `named`
    is the target that stands, None where a moment was agreed. `left` is the time left of the target's
    kind, of working time up to an agreed moment, negative once it is breached; `held` all time on hold
    that put it off. `act_by` is the moment by which somebody at work must act: the due time, or the
    last working moment before one that nobody is at work at.
    """

    due: datetime
    act_by: datetime
    named: Named | None
    left: timedelta
    held: timedelta
    is_held: bool
    is_stopped: bool
    is_breached: bool
    steps: Sequence[Step]


def reading(clock: Clock, holds: Iterable[Hold], calendar: Calendar, now: datetime) -> Reading:
    """A clock at a moment. Raises NoWorkingTime; ValueError without a target."""
    now = now.astimezone(UTC)
    stop = None if clock.stop is None else clock.stop.astimezone(UTC)
    until = now if stop is None else min(stop, now)
    if clock.agreed is not None:
        return _promised(clock.agreed.astimezone(UTC), calendar, until, stop, now)
    told = list(holds)
    spans = merged(told, until)
    dues = ((named, _due(named.target, clock.start, spans, calendar)) for named in clock.targets)
    named, due = min(dues, key=lambda pair: pair[1].at)
    held = [step for step in due.steps if isinstance(step, Held)]
    return Reading(
        due=due.at,
        act_by=_act_by(named.target.unit, due.at, until, calendar),
        named=named,
        left=_left(named.target.unit, due.at, until, calendar),
        held=sum((step.amount for step in held), NONE),
        is_held=stop is None and any(_runs_at(hold, now) and hold.start < due.at for hold in told),
        is_stopped=stop is not None and stop <= now,
        is_breached=until > due.at,
        steps=due.steps,
    )


def _runs_at(hold: Hold, now: datetime) -> bool:
    """Whether it is on hold at a moment, be it since that very moment."""
    return hold.start <= now and (hold.end is None or now < hold.end)


def _promised(
    due: datetime, calendar: Calendar, until: datetime, stop: datetime | None, now: datetime
) -> Reading:
    return Reading(
        due=due,
        act_by=_act_by(Unit.ELAPSED, due, until, calendar),
        named=None,
        left=_left(Unit.MINUTES, due, until, calendar),
        held=NONE,
        is_held=False,
        is_stopped=stop is not None and stop <= now,
        is_breached=until > due,
        steps=(),
    )


def merged(holds: Iterable[Hold], until: datetime) -> list[Span]:
    """Times on hold up to a moment, in order, what overlaps as one; those that still run end there."""
    found: list[Span] = []
    for hold in sorted(holds, key=lambda one: one.start):
        start = hold.start.astimezone(UTC)
        end = until if hold.end is None else min(hold.end.astimezone(UTC), until)
        if end <= start:
            continue
        if found and start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Span(start, end))
    return found


def _due(target: Target, start: datetime, holds: Sequence[Span], calendar: Calendar) -> Due:
    """When a target falls due, put off by the time on hold before that."""
    at, steps = _unpacked(after(calendar, start, target))
    for hold in holds:
        if hold.start >= at:
            break
        if hold.end <= start:
            continue  # before a report, or a reopening, from which the clock runs anew
        began = max(hold.start, start)
        amount = _counted(target.unit, began, hold.end, calendar)
        steps.append(Held(began, hold.end, amount))
        if amount > NONE:
            at, more = _unpacked(_later(target, at, amount, calendar))
            steps += more
    return Due(at, steps)


def _unpacked(due: Due) -> tuple[datetime, list[Step]]:
    return due.at, [*due.steps]


def _counted(unit: Unit, start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """How much of a time counts for a target of its kind."""
    if unit == Unit.ELAPSED:
        return max(end - start, NONE)
    return between(calendar, start, end)


def _later(target: Target, at: datetime, amount: timedelta, calendar: Calendar) -> Due:
    if target.unit == Unit.ELAPSED:
        return elapsed_after(at, amount)
    return working_time_after(calendar, at, amount)


def _left(unit: Unit, due: datetime, until: datetime, calendar: Calendar) -> timedelta:
    if until <= due:
        return _counted(unit, until, due, calendar)
    return -_counted(unit, due, until, calendar)


def _act_by(unit: Unit, due: datetime, until: datetime, calendar: Calendar) -> datetime:
    """Working time ends where it falls due; elapsed time may end while nobody is at work."""
    if unit != Unit.ELAPSED or due <= until:
        return due
    return calendar.last_moment_before(due, after=until) or until
