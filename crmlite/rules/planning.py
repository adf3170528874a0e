"""The plan of one customer: which touches are due when, and what became of those that were planned.

Pure: the same facts on the same day give the same plan. What is already planned and still right stays
as it is, so that planning twice changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from crmlite.rules.cadence import DAY, Due, WorksOn, due_again, due_around, fulfils
from crmlite.rules.strategies import Every, Touch

DONE, LEFT_OUT, LAPSED, WITHDRAWN = "done", "left-out", "lapsed", "withdrawn"
EARLY = timedelta(days=3)  # before its day in which a contact counts as the one that was planned

Key = tuple[int, str]
"""A touch: the id of its strategy, and its name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Serving:
    """A strategy that serves a customer, since a day."""

    strategy_id: int
    touches: Sequence[Touch]
    begun: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Planned:
    """A touch as it stands in the plan: the day that was planned, from which it was counted, around
    which it lies. `ended` and `kept` say when it was closed, and whether it was done or left out."""

    planned: date
    since: date | None = None
    anchor: date | None = None
    before: date
    ended: date | None = None
    is_done: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the plan of a customer follows from.

    `contacts` are the days of the last real contact by channel, `anchors` the days by the field or
    event that touches lie around. `open` are the touches that are planned; `closed` those whose tasks
    somebody has closed since; `last` the last day on which each touch was done or left out before, and
    `over` the anchors of those.
    """

    serving: Sequence[Serving]
    contacts: Mapping[str, date] = field(default_factory=dict)
    anchors: Mapping[str, Sequence[date]] = field(default_factory=dict)
    open: Mapping[Key, Planned] = field(default_factory=dict)
    closed: Mapping[Key, Planned] = field(default_factory=dict)
    last: Mapping[Key, date] = field(default_factory=dict)
    over: Mapping[Key, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Begin:
    """Plan a touch."""

    key: Key
    touch: Touch
    due: Due


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """Put a planned touch on the day on which it is due by now."""

    key: Key
    touch: Touch
    due: Due


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """Close a planned touch: done by a contact on a day, lapsed, or withdrawn. One that somebody has
    closed is noted as done or left out."""

    key: Key
    state: str
    on: date


Step = Begin | Move | End


def plan(facts: Facts, *, today: date, works_on: WorksOn) -> list[Step]:
    """What is to be changed in the plan of a customer; nothing where it is as it should be."""
    return [*_plan(facts, today, works_on)]


def upcoming(facts: Facts, *, today: date, works_on: WorksOn) -> list[tuple[Touch, Due]]:
    """What the plan of a customer asks for by these facts, the earliest first, whatever is planned."""
    found = []
    for serving in facts.serving:
        for touch in serving.touches:
            key = (serving.strategy_id, touch.name)
            due = _due(key, touch, serving, facts, today, works_on, _last_contact(touch, facts))
            if due is not None:
                found.append((touch, due))
    return sorted(found, key=lambda one: (one[1].on, one[0].name))


def _plan(facts: Facts, today: date, works_on: WorksOn) -> Iterator[Step]:
    wanted: set[Key] = set()
    for serving in facts.serving:
        for touch in serving.touches:
            key = (serving.strategy_id, touch.name)
            wanted.add(key)
            if key in facts.closed:
                yield _ended(key, touch, facts, today)
            yield from _of_touch(key, touch, serving, facts, today, works_on)
    for key in facts.closed:
        if key not in wanted:
            yield _ended(key, None, facts, today)
    for key in facts.open:
        if key not in wanted:
            yield End(key=key, state=WITHDRAWN, on=today)


def _ended(key: Key, touch: Touch | None, facts: Facts, today: date) -> End:
    """What somebody closed. What they did was done on the day of the contact: it may be written down a
    day later, and the task be ticked with that."""
    one = facts.closed[key]
    on = one.ended or today
    if not one.is_done:
        return End(key=key, state=LEFT_OUT, on=on)
    contact = None if touch is None else _last_contact(touch, facts)
    if contact is not None and contact < on and _is_fulfilled(one, contact):
        on = contact
    return End(key=key, state=DONE, on=on)


def _of_touch(
    key: Key, touch: Touch, serving: Serving, facts: Facts, today: date, works_on: WorksOn
) -> Iterator[Step]:
    there = facts.open.get(key)
    contact = _last_contact(touch, facts)
    if there is not None and contact is not None and _is_fulfilled(there, contact):
        yield End(key=key, state=DONE, on=contact)
        there = None
    elif there is not None and there.anchor is not None and there.before <= today:
        yield End(key=key, state=LAPSED, on=today)
        there = None
    due = _due(key, touch, serving, facts, today, works_on, contact)
    if there is None:
        if due is not None:
            yield Begin(key=key, touch=touch, due=due)
    elif due is None:
        yield End(key=key, state=WITHDRAWN, on=today)
    elif (due.on, due.anchor, due.since) != (there.planned, there.anchor, there.since):
        yield Move(key=key, touch=touch, due=due)


def _last_contact(touch: Touch, facts: Facts) -> date | None:
    """The day of the last contact that fulfils a touch."""
    days = [day for channel, day in facts.contacts.items() if fulfils(channel, touch)]
    return max(days, default=None)


def _is_fulfilled(there: Planned, contact: date) -> bool:
    """Whether a contact is the one that was planned: not long before its day, after the one from which
    that was counted, and, of a touch around a day, before it lapses."""
    if there.since is not None and contact <= there.since:
        return False
    if there.anchor is None:
        return contact >= there.planned - EARLY
    if there.planned > there.anchor:
        return max(there.planned - EARLY, there.anchor + DAY) <= contact < there.before
    return there.planned - EARLY <= contact < there.before


def _due(
    key: Key,
    touch: Touch,
    serving: Serving,
    facts: Facts,
    today: date,
    works_on: WorksOn,
    contact: date | None,
) -> Due | None:
    closed = facts.closed.get(key)
    if isinstance(touch.cadence, Every):
        ended = _ended(key, touch, facts, today).on if closed else None
        days = [contact, facts.last.get(key), ended]
        last = max((day for day in days if day is not None), default=None)
        return due_again(touch.cadence, begun=serving.begun, last=last, works_on=works_on)
    over = [*facts.over.get(key, ())]
    if closed is not None and closed.anchor is not None:
        over.append(closed.anchor)
    return due_around(
        touch.cadence,
        facts.anchors.get(touch.cadence.anchor, ()),
        begun=serving.begun,
        today=today,
        closed=over,
        contacts=() if contact is None else (contact,),
        works_on=works_on,
    )
