"""The clocks of a case as they stand at a moment, out of what happened to it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crmlite.cases.targets import named_for
from crmlite.rules import casework, sla
from crmlite.rules.casework import ClockName, Event
from crmlite.rules.working_time import Calendar, Unit

Row = Mapping[str, Any]
COUNTED = ("opened", "moved", "responded", "reported", "planned", "revisited")


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseClock:
    """One of a case's clocks: what it measures, since when, and how it stands."""

    name: ClockName
    start: datetime
    reading: sla.Reading
    agreed: bool = False

    @property
    def runs(self) -> bool:
        """Whether it runs, be it on hold."""
        return not self.reading.is_stopped

    @property
    def unit(self) -> Unit:
        """In what the time left is counted; up to a moment that was agreed, in working time."""
        named = self.reading.named
        return named.target.unit if named is not None else Unit.MINUTES


def events_of(case: Row, rows: Iterable[Row]) -> list[Event]:
    """What happened to a case, as the clocks take it."""
    found = [_event(row) for row in rows if row["kind"] in COUNTED]
    if any(event.kind == "opened" for event in found):
        return found
    return [Event(kind="opened", at=case["opened_at"]), *found]


def _event(row: Row) -> Event:
    data = row["data"] or {}
    until = data.get("until")
    return Event(
        kind=row["kind"],
        at=row["at"],
        place=row["id"],
        to=data.get("to", ""),
        until=datetime.fromisoformat(until) if until else None,
    )


def clocks_of(
    case: Row,
    events: Sequence[Event],
    *,
    tier: str | None,
    known: Sequence[Row],
    calendar: Calendar,
    now: datetime,
) -> list[CaseClock]:
    """All clocks of a case that have a deadline, in the order in which they come up. Raises
    NoWorkingTime."""
    on_hold = casework.holds(events)
    found = []
    for run in casework.runs(events, is_complex=case["is_complex"]):
        named = named_for(case, tier, run.name, known)
        if not named and run.agreed is None:
            continue
        clock = sla.Clock(start=run.start, targets=named, stop=run.stop, agreed=run.agreed)
        found.append(
            CaseClock(
                name=run.name,
                start=run.start,
                reading=sla.reading(clock, on_hold, calendar, now),
                agreed=run.agreed is not None,
            )
        )
    return found


def next_due(clocks: Iterable[CaseClock]) -> CaseClock | None:
    """The clock that falls due first of those that run; one on hold only where no other runs."""
    running = [clock for clock in clocks if clock.runs]
    return min(running, key=lambda one: (one.reading.is_held, one.reading.due), default=None)
