"""The way of a case from new to confirmed, and what its clocks measure on it.

Everything follows from the events of a case; in which order they are handed in does not matter. A case
that is reopened begins a new round: plan, progress and resolution are measured anew, the first response
is not.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from crmlite.rules.problems import Problem
from crmlite.rules.sla import Hold
from crmlite.rules.wording import N_

MESSAGES = {
    "case_there_already": N_("The case is there already."),
    "case_not_begun": N_("Nobody has answered the customer or begun to work on it yet."),
    "case_not_resolved": N_("Only what is resolved can be confirmed, by a revisit."),
    "case_is_resolved": N_("The case is resolved. Reopen it first, and say why."),
    "case_is_closed": N_("The case is closed. Reopen it first, and say why."),
    "case_no_revisit": N_("The case is closed: no revisit is needed any more."),
    "case_was_begun": N_("The case is past that: work on it has begun."),
    "case_cause_missing": N_(
        "Severe and critical complaints are closed with their root cause and what was done about it."
    ),
    "case_not_resolved_yet": N_("The case is not resolved: there is nothing to reopen."),
    "case_why_missing": N_("Please say why it is reopened."),
}


class Status(StrEnum):
    """Where a case stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"  # for the customer
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"  # by the customer, at the revisit


class ClockName(StrEnum):
    """What is measured on the way of a case."""

    RESPONSE = "response"
    PLAN = "plan"
    PROGRESS = "progress"
    RESOLUTION = "resolution"
    REVISIT = "revisit"


BEFORE_WORK = (Status.NEW, Status.ACKNOWLEDGED)
AT_WORK = (Status.IN_PROGRESS, Status.WAITING)
AFTER_WORK = (Status.RESOLVED, Status.CONFIRMED)
MOVES = {
    Status.NEW: (Status.ACKNOWLEDGED, Status.IN_PROGRESS),
    Status.ACKNOWLEDGED: (Status.IN_PROGRESS,),
    Status.IN_PROGRESS: (Status.WAITING, Status.RESOLVED),
    Status.WAITING: (Status.IN_PROGRESS, Status.RESOLVED),
    Status.RESOLVED: (Status.CONFIRMED, Status.IN_PROGRESS),
    Status.CONFIRMED: (Status.IN_PROGRESS,),
}


def is_reopening(before: str, after: str) -> bool:
    """Whether a move takes a case up again that was done with."""
    return before in AFTER_WORK and after == Status.IN_PROGRESS


def refusal(before: str, after: str) -> Problem | None:
    """Why a case cannot go from one status to another; None when it can."""
    if after in MOVES[Status(before)]:
        return None
    if before == after:
        return Problem("case_no_revisit" if after == Status.CONFIRMED else "case_there_already")
    if after == Status.CONFIRMED:
        return Problem("case_not_resolved")
    if before in AFTER_WORK:
        return over_problem(before)
    return Problem("case_not_begun" if before in BEFORE_WORK else "case_was_begun")


def over_problem(status: str) -> Problem | None:
    """Why nothing more can be done about a case without reopening it; None while it is worked on."""
    if status not in AFTER_WORK:
        return None
    return Problem("case_is_closed" if status == Status.CONFIRMED else "case_is_resolved")


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a case, as far as its clocks are concerned.

    `kind` is opened, moved (`to` a status), responded, reported, planned (to be resolved `until` a
    moment that was agreed with the customer) or revisited. `place` orders what happened in one moment.
    """

    kind: str
    at: datetime
    place: int = 0
    to: str = ""
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One of a case's clocks: from when, until when (None: it runs), and the moment that was agreed in
    place of targets."""

    name: ClockName
    start: datetime
    stop: datetime | None = None
    agreed: datetime | None = None


def runs(events: Iterable[Event], *, is_complex: bool) -> list[Run]:
    """The clocks of a case, in the order in which they come up: those of its latest round, and its
    first response. Progress is measured of complex ones alone. Raises ValueError when it was never
    opened."""
    told = in_order(events)
    opened = next((one for one in told if one.kind == "opened"), None)
    if opened is None:
        raise ValueError("a case without a beginning")
    begun = _round_begins(told)
    latest = [one for one in told if (one.at, one.place) >= (begun.at, begun.place)]
    answers = (_first(told, "responded"), _moved(told, Status.RESOLVED))
    answered = min((moment for moment in answers if moment), default=None)
    resolved = _moved(latest, Status.RESOLVED)
    planned = _first(latest, "planned")
    agreed = next((one.until for one in reversed(latest) if one.kind == "planned"), None)
    found = [
        Run(name=ClockName.RESPONSE, start=opened.at, stop=answered),
        Run(name=ClockName.PLAN, start=begun.at, stop=planned or resolved),
    ]
    if is_complex:
        reported = [one.at for one in latest if one.kind in ("reported", "planned")]
        start = max(
            [begun.at, *(moment for moment in reported if not resolved or moment <= resolved)]
        )
        found.append(Run(name=ClockName.PROGRESS, start=start, stop=resolved))
    found.append(Run(name=ClockName.RESOLUTION, start=begun.at, stop=resolved, agreed=agreed))
    if resolved is not None:
        done = _first(latest, "revisited") or _moved(latest, Status.CONFIRMED)
        found.append(Run(name=ClockName.REVISIT, start=resolved, stop=done))
    return found


def holds(events: Iterable[Event]) -> list[Hold]:
    """When a case waited for its customer."""
    found: list[Hold] = []
    since: datetime | None = None
    for one in in_order(events):
        if one.kind != "moved":
            continue
        if one.to == Status.WAITING:
            since = since or one.at
        elif since is not None:
            found.append(Hold(since, one.at))
            since = None
    return [*found, Hold(since)] if since is not None else found


def reopenings(events: Iterable[Event]) -> int:
    """How many times a case was taken up again."""
    return len(_reopened(in_order(events)))


def in_order(events: Iterable[Event]) -> list[Event]:
    """Events as they happened."""
    return sorted(events, key=lambda one: (one.at, one.place))


def _round_begins(told: Sequence[Event]) -> Event:
    """The event that began the latest round."""
    again = _reopened(told)
    return again[-1] if again else next(one for one in told if one.kind == "opened")


def _reopened(told: Sequence[Event]) -> list[Event]:
    found, status = [], str(Status.NEW)
    for one in told:
        if one.kind == "moved":
            if is_reopening(status, one.to):
                found.append(one)
            status = one.to
    return found


def _first(told: Sequence[Event], kind: str) -> datetime | None:
    return next((one.at for one in told if one.kind == kind), None)


def _moved(told: Sequence[Event], to: Status) -> datetime | None:
    return next((one.at for one in told if one.kind == "moved" and one.to == to), None)


def closing_problem(
    *, level: str | None, needing: Collection[str], root_cause: str | None, action: str | None
) -> Problem | None:
    """What is missing before a case can be confirmed; `needing` are the levels that ask for a cause."""
    if level in needing and not (root_cause and action):
        return Problem("case_cause_missing")
    return None
