"""The lines of an explanation: when, what that was, how much of the time it took.

The amounts of all lines add up to what was allowed and what was put off; days are one line as long as
they are alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite.calendars.wording import spans as said
from crmlite.calendars.wording.amounts import amount
from crmlite.rules.working_time import (
    Block,
    Calendar,
    Counted,
    ExceptionalDay,
    Held,
    Rested,
    Step,
    Whole,
)
from crmlite.wording import label, language

DAY = timedelta(days=1)
NONE = timedelta()
NOTHING = "0"
Steps = Sequence[Step]


class Line(NamedTuple):
    """One line of an explanation, in the reader's language. `amount` is empty where a line adds
    nothing to the sum."""

    when: str
    what: str
    amount: str


@dataclass(slots=True)
class Telling:
    """One explanation under way. The `year` in which it begins is not said again, and the usual
    hours are said once."""

    calendar: Calendar
    year: int
    elapsed: bool
    reasons: Mapping[datetime, str]
    carried_over: bool = False
    hours_said: set[tuple[Block, ...]] = field(default_factory=set)

    def lines(self, steps: Steps) -> list[Line]:
        """The steps in words, and what about them may still change."""
        found: list[Line] = []
        last = next((step for step in reversed(steps) if isinstance(step, Whole)), None)
        for group in self.grouped(steps):
            match group[0]:
                case Rested():
                    found.append(self.rest(group))
                case Whole():
                    found.append(self.whole(group, ends=group[-1] is last))
                case Held() as hold:
                    found.append(self.hold(hold))
                    self.carried_over = True
                case Counted() as counted if self.elapsed:
                    found.append(self.any_time(counted))
                case Counted():
                    found.append(self.worked(group))
        return [*found, *self.doubts(steps)]

    def grouped(self, steps: Steps) -> Iterator[Steps]:
        """Steps that are one line: those of one day, then days in a row that are alike."""
        group: list[Step] = []
        for of_one_day in self.by_day(steps):
            if group and not self.belongs(group, of_one_day):
                yield group
                group = []
            group += of_one_day
        if group:
            yield group

    def by_day(self, steps: Steps) -> Iterator[list[Step]]:
        """Steps alone, but for time that counted on one day."""
        group: list[Step] = []
        for step in steps:
            if group and not self.is_same_day(group[-1], step):
                yield group
                group = []
            group.append(step)
        if group:
            yield group

    def is_same_day(self, one: Step, other: Step) -> bool:
        """Whether time counted on the same day twice."""
        if self.elapsed or not (isinstance(one, Counted) and isinstance(other, Counted)):
            return False
        return self.calendar.day_of(one.start) == self.calendar.day_of(other.start)

    def belongs(self, group: Steps, following: Steps) -> bool:
        """Whether the steps of a day stand in the line of those before them."""
        match group[-1], following[0]:
            case Rested(_, last), Rested(first, _):
                return last + DAY == first
            case Whole(one), Whole(other):
                return one + DAY == other and self.alike(one, other)
            case Counted(), Counted() if not self.elapsed:
                one, other = (first_day(step, self.calendar) for step in (group[-1], following[0]))
                in_a_row = one + DAY == other and self.alike(one, other)
                return in_a_row and self.is_whole(group) and self.is_whole(following)
        return False

    def is_whole(self, group: Steps) -> bool:
        """Whether all hours of each day counted."""
        counted = {(step.start, step.end) for step in group if isinstance(step, Counted)}
        worked = {span for day in self.days_of(group) for span in self.calendar.spans_on(day)}
        return counted == worked

    def days_of(self, group: Steps) -> list[date]:
        """The days on which steps begin."""
        return list(dict.fromkeys(first_day(step, self.calendar) for step in group))

    def alike(self, one: date, other: date) -> bool:
        """Whether two days are as usual and have the same hours."""
        return not (self.exception(one) or self.exception(other)) and (
            tuple(self.calendar.blocks_on(one)) == tuple(self.calendar.blocks_on(other))
        )

    def exception(self, day: date) -> ExceptionalDay | None:
        """What is out of the ordinary about a day; nothing where it is worked as its weekday."""
        found: ExceptionalDay | None = self.calendar.days.get(day)
        if found is None or not found.works or found.blocks is not None:
            return found
        return None if self.calendar.week[day.weekday()] else found

    def rest(self, group: Steps) -> Line:
        """Days on which nobody works."""
        spans = [(step.first, step.last) for step in group if isinstance(step, Rested)]
        first, last = spans[0][0], spans[-1][1]
        reasons = (self.calendar.days.get(day) for day, _last in spans)
        names = said.listed(dict.fromkeys(label(one.name) for one in reasons if one and one.name))
        number = (last - first).days + 1
        if names:
            what = ngettext("%(names)s, day off", "%(names)s, days off", number, names=names)
        else:
            what = ngettext("not a working day", "not working days", number)
        return Line(self.days(first, last), what, NOTHING)

    def whole(self, group: Steps, *, ends: bool) -> Line:
        """Working days that counted; `ends` where the last of them is the last of all."""
        days = [step.day for step in group if isinstance(step, Whole)]
        number = len(days)
        what = self.special(days[0]) or ngettext(
            "%(num)d working day", "%(num)d working days", number
        )
        if ends:
            what = _("%(what)s, to %(end)s", what=what, end=self.end_of(days[-1]))
        total = ngettext("%(num)d day", "%(num)d days", number)
        return Line(self.days(days[0], days[-1]), what, total)

    def worked(self, group: Steps) -> Line:
        """Working time that counted, on one day or on whole days in a row."""
        counted = [step for step in group if isinstance(step, Counted)]
        days = self.days_of(group)
        if len(days) > 1:
            when = self.days(days[0], days[-1])
            what = ngettext("%(num)d whole day", "%(num)d whole days", len(days))
        else:
            when = said.on(days[0], self.times(counted), with_year=self.is_far(days[0]))
            what = ""
        parts = [what, self.special(days[0]) or self.hours(days[0]), self.shifted(counted)]
        told = _between().join(part for part in parts if part) or _("working time")
        if self.carried_over:
            return Line(_("Carried over: %(when)s", when=when), told, "")
        total = sum((_minutes(one.start, one.end) for one in counted), NONE)
        return Line(when, told, amount(total))

    def any_time(self, counted: Counted) -> Line:
        """Time that counted whether anybody worked or not."""
        when = self.stretch(counted.start, counted.end)
        if self.carried_over:
            return Line(_("Carried over: %(when)s", when=when), "", "")
        what = _("every hour counts, also at night and on days off")
        return Line(when, what, amount(_minutes(counted.start, counted.end)))

    def hold(self, hold: Held) -> Line:
        """Time on hold; none of it may have been working time."""
        why = self.reasons.get(hold.start) or _("waiting for the customer")
        when = _("Paused %(when)s", when=self.stretch(hold.start, hold.end))
        if not hold.amount:
            return Line(when, _("%(why)s, outside working hours", why=why), NOTHING)
        return Line(when, why, _("+ %(amount)s", amount=amount(hold.amount)))

    def doubts(self, steps: Steps) -> Iterator[Line]:
        """What may still change: make-up days that nobody has announced."""
        known = self.calendar.announced_to
        if known is None or self.elapsed:
            return
        last = max((_last_day(step, self.calendar) for step in steps), default=known)
        for year in range(known.year + 1, last.year + 1):
            when = f"{year}年" if language() == "zh" else str(year)
            yield Line(when, _("make-up working days not announced yet, this may change"), "")

    def special(self, day: date) -> str:
        """What a working day is that is not as its weekday; nothing for others."""
        found = self.exception(day)
        if found is None:
            return ""
        name = label(found.name)
        if self.calendar.week[day.weekday()]:
            text = name or _("other hours than usual")
        elif name:
            text = _("make-up working day for %(name)s", name=name)
        else:
            text = _("make-up working day")
        if found.blocks is None:
            return text
        hours = _("hours are %(hours)s", hours=said.hours(self.calendar.blocks_on(day)))
        return f"{text}{_between()}{hours}"

    def hours(self, day: date) -> str:
        """The hours of a day, unless they were said before."""
        blocks = tuple(self.calendar.blocks_on(day))
        if blocks in self.hours_said:
            return ""
        self.hours_said.add(blocks)
        return _("hours are %(hours)s", hours=said.hours(blocks))

    def shifted(self, counted: Iterable[Counted]) -> str:
        """That the clocks were put forward or back while time counted; mostly nothing."""
        for one in counted:
            start, end = (at.astimezone(self.calendar.zone) for at in (one.start, one.end))
            if end.utcoffset() != start.utcoffset():
                ahead = (end.utcoffset() or NONE) > (start.utcoffset() or NONE)
                return _("the clocks go forward") if ahead else _("the clocks go back")
        return ""

    def times(self, counted: Iterable[Counted]) -> str:
        """Stretches of a day: `9:00–12:00, 13:30–14:00`."""
        return said.listed(
            f"{self.clock(one.start)}–{self.clock(one.end, ends=True)}" for one in counted
        )

    def clock(self, at: datetime, *, ends: bool = False) -> str:
        """The time on the wall; midnight at the end of a day is 24:00."""
        shown = said.clock(at.astimezone(self.calendar.zone).time())
        return "24:00" if ends and shown == "0:00" else shown

    def end_of(self, day: date) -> str:
        """When work ends on a day: `Tue 18:00`."""
        time = self.clock(self.calendar.spans_on(day)[-1].end, ends=True)
        return f"{said.weekday(day.weekday())} {time}"

    def stretch(self, start: datetime, end: datetime) -> str:
        """From one moment to another."""
        one, other = (self.calendar.day_of(at) for at in (start, end))
        if one == other:
            times = f"{self.clock(start)}–{self.clock(end)}"
            return said.on(one, times, with_year=self.is_far(one))
        return f"{self.moment(start)} – {self.moment(end)}"

    def moment(self, at: datetime) -> str:
        """A day and the time on the wall."""
        far = self.is_far(self.calendar.day_of(at))
        return said.moment(at, self.calendar.zone, with_year=far)

    def days(self, first: date, last: date) -> str:
        """Days in a row."""
        return said.days(first, last, with_year=self.is_far(last))

    def is_far(self, day: date) -> bool:
        """Whether the year of a day must be said."""
        return day.year != self.year

    def is_after_hours(self, at: datetime) -> bool:
        """Whether nobody works at a moment of a day on which people work."""
        spans = self.calendar.spans_on(self.calendar.day_of(at))
        return bool(spans) and not any(span.start <= at < span.end for span in spans)


def first_day(step: Step, calendar: Calendar) -> date:
    """The day on which a step begins."""
    match step:
        case Rested(first, _):
            return first
        case Whole(day):
            return day
    return calendar.day_of(step.start)


def _last_day(step: Step, calendar: Calendar) -> date:
    match step:
        case Rested(_, last):
            return last
        case Whole(day):
            return day
    return calendar.day_of(step.end)


def _between() -> str:
    return "，" if language() == "zh" else ", "


def _minutes(start: datetime, end: datetime) -> timedelta:
    """The time between two moments as clocks without seconds show them, so that lines add up."""
    return _floor(end) - _floor(start)


def _floor(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
