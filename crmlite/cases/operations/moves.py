"""A case on its way: acknowledged, at work, waiting, resolved, revisited, reopened."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from crmlite.cases.models import Case
from crmlite.cases.operations.events import Row, load, move_to, refuse, settled, write_down
from crmlite.cases.operations.tasks import (
    ALL,
    CLOCKS,
    PLAN,
    REVISIT,
    close_tasks,
    settle_tasks,
)
from crmlite.cases.words import NEEDS_CAUSE
from crmlite.followups.operations import InteractionDraft, log_interaction
from crmlite.followups.operations.planning import DROPPED
from crmlite.rules import casework
from crmlite.rules.casework import BEFORE_WORK, Status
from crmlite.rules.problems import Problem
from crmlite.work import Actor, operation, records


@operation("case_moved")
def move(case_id: int, to: str, *, by: Actor, at: datetime, why: str | None = None) -> int:
    """Acknowledge a case, begin or go on with it, or wait for its customer; answers the operation's
    id. Raises Gone; Refused with the reason where there is no such way, or it is reopened so.
    Resolving and confirming are operations of their own."""
    case = load(case_id)
    refuse(casework.refusal(case["status"], to))
    if to in (Status.RESOLVED, Status.CONFIRMED):
        raise ValueError(to)
    if casework.is_reopening(case["status"], to):
        refuse(casework.over_problem(case["status"]))
    return settled(move_to(case, to, by=by, at=at, why=why))


@dataclass(frozen=True, kw_only=True, slots=True)
class Solution:
    """How a case was resolved; its root cause and what is done so that it does not happen again."""

    resolution: str
    root_cause: str | None = None
    cause_note: str | None = None
    corrective_action: str | None = None


@operation("case_resolved")
def resolve(
    case_id: int,
    solution: Solution,
    *,
    by: Actor,
    at: datetime,
    done: Collection[int] = (),
    version: int | None = None,
) -> int:
    """Say that a case is resolved, and how; the plan that was agreed is done with that, and of what else
    was promised or asked for those tasks of `done`. Raises Gone, Refused, Stale."""
    case = load(case_id)
    values = {
        "resolution": solution.resolution,
        "root_cause": solution.root_cause,
        "cause_note": solution.cause_note,
        "corrective_action": solution.corrective_action,
    }
    if case["status"] == Status.ACKNOWLEDGED:
        case = move_to(case, Status.IN_PROGRESS, by=by, at=at, version=version)
        version = None
    close_tasks(case, (PLAN,), by=by, at=at)
    settle_tasks(case, done, by=by, at=at, drop_others=False)
    why = solution.resolution
    return settled(
        move_to(case, Status.RESOLVED, by=by, at=at, why=why, values=values, version=version)
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Revisit:
    """What the customer said when asked whether it is settled: by which channel, what, and whether
    they are satisfied. `contact_id` is whom one spoke to; `root_cause` and `corrective_action` are what
    the case lacked (None: as they are)."""

    satisfied: bool
    content: str
    channel: str = "phone"
    contact_id: int | None = None
    root_cause: str | None = None
    corrective_action: str | None = None


@operation("case_revisited")
def revisit(
    case_id: int, told: Revisit, *, by: Actor, at: datetime, done: Collection[int] = ()
) -> int:
    """Write down a revisit: a satisfied customer confirms the case, another one reopens it. The talk
    stands in the timeline as any other. With the case closes what was promised and asked for: those
    tasks of `done` as done, all others as dropped. Raises Gone; Refused where the case is not resolved,
    or may not be closed without a root cause."""
    case = load(case_id)
    refuse(casework.refusal(case["status"], Status.CONFIRMED))
    learnt = {"root_cause": told.root_cause, "corrective_action": told.corrective_action}
    learnt = {name: value for name, value in learnt.items() if value}
    if told.satisfied:
        refuse(
            casework.closing_problem(
                level=case["level"],
                needing=NEEDS_CAUSE,
                root_cause=learnt.get("root_cause", case["root_cause"]),
                action=learnt.get("corrective_action", case["corrective_action"]),
            )
        )
    talk = log_interaction(
        InteractionDraft(
            customer_id=case["customer_id"],
            contact_id=told.contact_id,
            kind=told.channel,
            content=told.content,
            occurred_at=at,
        ),
        by=by,
        at=at,
    )
    data = {"satisfied": told.satisfied, "interaction": talk["id"]}
    write_down(case, "revisited", by=by, at=at, data=data, why=told.content)
    if told.satisfied:
        settle_tasks(case, done, by=by, at=at, drop_others=True)
    close_tasks(case, tuple(CLOCKS.values()) if told.satisfied else (REVISIT,), by=by, at=at)
    to = Status.CONFIRMED if told.satisfied else Status.IN_PROGRESS
    return settled(move_to(case, to, by=by, at=at, why=told.content, values=learnt))


@operation("case_reopened")
def reopen(case_id: int, *, by: Actor, at: datetime, why: str) -> int:
    """Take up a case again that was resolved or confirmed. Raises Gone; Refused without a reason, or
    where it was not done with."""
    case = load(case_id)
    if not casework.is_reopening(case["status"], Status.IN_PROGRESS):
        refuse(Problem("case_not_resolved_yet"))
    if not why.strip():
        refuse(Problem("case_why_missing"))
    close_tasks(case, (REVISIT,), by=by, at=at, status=DROPPED)
    return settled(move_to(case, Status.IN_PROGRESS, by=by, at=at, why=why))


@operation("case_deleted")
def delete_case(case_id: int, *, by: Actor, at: datetime) -> int:
    """Move a case to the recycle bin. Raises Gone."""
    case = load(case_id)
    close_tasks(case, ALL, by=by, at=at, status=DROPPED)
    records.update(Case, case_id, {"state": "deleted"})
    return settled(case)


def begin(case: Row, *, by: Actor, at: datetime) -> Row:
    """Take a case to work on it where nobody has yet: whoever answers has begun."""
    found = case
    if found["status"] == Status.NEW:
        found = move_to(found, Status.ACKNOWLEDGED, by=by, at=at)
    if found["status"] in BEFORE_WORK:
        found = move_to(found, Status.IN_PROGRESS, by=by, at=at)
    return found
