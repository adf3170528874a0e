"""The tasks that cases make: promises to the customer, and the revisit."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.cases.facts import clocks_now
from crmlite.cases.models import CaseTask
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import (
    CASE,
    DONE,
    PROMISE,
    TaskDraft,
    close_many,
    plan,
    replan,
)
from crmlite.rules.casework import ClockName
from crmlite.work import Actor, records

Row = Mapping[str, Any]
TIES, TASKS = CaseTask.__table__, Task.__table__
ALL = PROMISED, PLAN, REVISIT = "promise", "plan", "revisit"  # what tasks of cases are for


def plan_promise(
    case: Row, what: str, by_when: datetime, *, by: Actor, at: datetime, purpose: str = PROMISED
) -> int:
    """Make a promise a dated task of whoever has the case; answers the task's id."""
    return _plan(case, PROMISE, what, by_when, f"case-{PROMISE}", purpose, by, at)


def plan_revisit(case: Row, *, by: Actor, at: datetime) -> None:
    """Make the revisit a task, dated at the last working moment before it is due (K3): the deadline
    may pass while nobody is at work."""
    clock = next((one for one in clocks_now(case["id"], at) if one.name == ClockName.REVISIT), None)
    if clock is not None:
        due = clock.reading.act_by
        _plan(case, CASE, case["subject"], due, f"case-{REVISIT}", REVISIT, by, at)


def _plan(
    case: Row,
    kind: str,
    what: str,
    due_at: datetime,
    code: str,
    purpose: str,
    by: Actor,
    at: datetime,
) -> int:
    draft = TaskDraft(
        kind=kind,
        what=what,
        due_at=due_at,
        assignee_id=case["assignee_id"] or by.user_id,
        reason={"code": code, "params": {"number": case["number"]}},
    )
    task_id = plan(case["customer_id"], draft, by=by, at=at)
    tie = {"case_id": case["id"], "task_id": task_id, "customer_id": case["customer_id"]}
    records.insert(CaseTask, {**tie, "purpose": purpose})
    return task_id


def close_tasks(
    case: Row, purposes: Sequence[str], *, by: Actor, at: datetime, status: str = DONE
) -> None:
    """Close what is still open of a case's tasks for these purposes."""
    close_many(_open(case["id"], purposes), status, by=by, at=at)


def hand_on(case: Row, user_id: int | None, *, by: Actor, at: datetime) -> None:
    """Give the open tasks of a case to whoever has it now; back in the queue they stay."""
    if user_id is not None:
        for task_id in _open(case["id"]):
            replan(task_id, {"assignee_id": user_id}, by=by, at=at)


def _open(case_id: int, purposes: Sequence[str] = ALL) -> list[int]:
    wanted = (
        select(TIES.c.task_id)
        .join(TASKS, TASKS.c.id == TIES.c.task_id)
        .where(
            TIES.c.case_id == case_id,
            TIES.c.purpose.in_(purposes),
            TASKS.c.status == "open",
            TASKS.c.state == "active",
        )
    )
    return list(database.session.execute(wanted).scalars())
