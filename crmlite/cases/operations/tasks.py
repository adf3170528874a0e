"""The tasks that cases make: promises to the customer, what their clocks ask for, and what people who
work on them are asked for."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.accounts.queries import is_here, teams
from crmlite.cases.clocks import CaseClock
from crmlite.cases.facts import clocks_now
from crmlite.cases.levels import LEAD
from crmlite.cases.models import Case, CaseMember, CaseTask
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import (
    CASE,
    DONE,
    DROPPED,
    PROMISE,
    TaskDraft,
    close_many,
    plan,
    replan,
)
from crmlite.rules.casework import ClockName
from crmlite.rules.working_time import Calendar, Unit
from crmlite.work import Actor, records

Row = Mapping[str, Any]
CASES, MEMBERS = Case.__table__, CaseMember.__table__
TIES, TASKS = CaseTask.__table__, Task.__table__
PROMISED, PLAN, ASKED = "promise", "plan", "task"  # the plan is what was agreed, a promise, too
REVISIT, PLANNING, PROGRESS = "revisit", "planning", "progress"
TICKED = (PROMISED, ASKED)  # done when somebody says so
ALL = (PROMISED, PLAN, ASKED, REVISIT, PLANNING, PROGRESS)  # what tasks of cases are for
CLOCKS = {
    ClockName.PLAN: PLANNING,
    ClockName.PROGRESS: PROGRESS,
    ClockName.REVISIT: REVISIT,
}


def plan_promise(
    case: Row, what: str, by_when: datetime, *, by: Actor, at: datetime, purpose: str = PROMISED
) -> int:
    """Make a promise a dated task of whoever has the case; answers the task's id."""
    draft = TaskDraft(
        kind=PROMISE,
        what=what,
        due_at=by_when,
        assignee_id=case["assignee_id"],
        reason=_reason(case, PROMISED),
    )
    return plan_task(case, draft, purpose, by=by, at=at)


def plan_asked(
    case: Row, what: str, user_id: int, by_when: datetime, *, by: Actor, at: datetime
) -> int:
    """Ask somebody who works on a case for something by a moment; answers the task's id."""
    draft = TaskDraft(
        kind=CASE,
        what=what,
        due_at=by_when,
        assignee_id=user_id,
        reason=_reason(case, ASKED),
    )
    return plan_task(case, draft, ASKED, by=by, at=at)


def plan_task(case: Row, draft: TaskDraft, purpose: str, *, by: Actor, at: datetime) -> int:
    """Plan a task of a case; answers its id."""
    task_id = plan(case["customer_id"], draft, by=by, at=at)
    tie = {"case_id": case["id"], "task_id": task_id, "customer_id": case["customer_id"]}
    records.insert(CaseTask, {**tie, "purpose": purpose})
    return task_id


def _reason(case: Row, purpose: str) -> dict[str, Any]:
    return {"code": f"case-{purpose}", "params": {"number": case["number"]}}


def follow_clocks(case_ids: Sequence[int], *, by: Actor, at: datetime) -> None:
    """Give what the clocks of these cases ask for one open task each, dated at the last working moment
    before it is due, move those that are dated otherwise, and close those whose clock stopped.

    Belongs inside an operation. While a case waits for its customer its tasks stay as they are. The
    plan and the reports of a case that nobody has wait for somebody to do them.
    """
    _lock(case_ids)
    there = _of_clocks(case_ids)
    for case, calendar, clocks in clocks_now(case_ids, at):
        known = there.get(case["id"], {})
        running = {CLOCKS[one.name]: one for one in clocks if one.runs and _asks(case, one)}
        stopped = {CLOCKS[one.name] for one in clocks if one.name in CLOCKS and not one.runs}
        for purpose, rows in known.items():
            kept = 1 if purpose in running else 0
            ids = [row["id"] for row in rows[kept:]]
            close_many(ids, DONE if purpose in stopped else DROPPED, by=by, at=at)
        for purpose, clock in running.items():
            if purpose in known:
                task = known[purpose][0]
                due = _act_by(clock, calendar, task["created_at"])
                due = task["due_at"] if clock.reading.is_held else due
                replan(task["id"], {"due_at": due}, by=by, at=at)
            else:
                _plan_clock(case, purpose, _act_by(clock, calendar, at), by, at)


def _lock(case_ids: Sequence[int]) -> None:
    """Nobody else follows the clocks of these cases until the operation's end; on SQLite nobody else
    writes at all."""
    if database.engine.dialect.name == "postgresql":
        wanted = select(CASES.c.id).where(CASES.c.id.in_(case_ids)).order_by(CASES.c.id)
        database.session.execute(wanted.with_for_update())


def _asks(case: Row, clock: CaseClock) -> bool:
    """Whether a clock asks somebody for something by itself: plan and reports of complex cases."""
    return clock.name == ClockName.REVISIT or (clock.name in CLOCKS and case["is_complex"])


def _act_by(clock: CaseClock, calendar: Calendar, planned_at: datetime) -> datetime:
    """The last working moment before a clock is due that was still ahead when its task was planned, else
    that very moment. Unlike that of its reading it does not depend on what time it is: a task does not
    move by itself."""
    named, due = clock.reading.named, clock.reading.due
    if named is not None and named.target.unit != Unit.ELAPSED:
        return due
    if due <= planned_at:
        return due
    return calendar.last_moment_before(due, after=planned_at) or planned_at


def _plan_clock(case: Row, purpose: str, due_at: datetime, by: Actor, at: datetime) -> None:
    user_id = case["assignee_id"] or _lead_of(case["id"])
    if user_id is None and purpose != REVISIT:
        return
    draft = TaskDraft(
        kind=CASE,
        what=case["subject"],
        due_at=due_at,
        assignee_id=user_id,
        reason=_reason(case, purpose),
    )
    plan_task(case, draft, purpose, by=by, at=at)


def _lead_of(case_id: int) -> int | None:
    """Who leads the joint team of a case."""
    wanted = select(MEMBERS.c.user_id).where(MEMBERS.c.case_id == case_id, MEMBERS.c.duty == LEAD)
    return database.session.execute(wanted.order_by(MEMBERS.c.id).limit(1)).scalar()


def _of_clocks(case_ids: Sequence[int]) -> dict[int, dict[str, list[Row]]]:
    """The open tasks of clocks by case and purpose, the oldest first."""
    found: dict[int, dict[str, list[Row]]] = {}
    wanted = (
        select(TIES.c.case_id, TIES.c.purpose, TASKS.c.id, TASKS.c.due_at, TASKS.c.created_at)
        .join(TASKS, TASKS.c.id == TIES.c.task_id)
        .where(TIES.c.case_id.in_(case_ids), TIES.c.purpose.in_(CLOCKS.values()), *_STILL)
        .order_by(TASKS.c.id)
    )
    for row in database.session.execute(wanted).mappings():
        found.setdefault(row["case_id"], {}).setdefault(row["purpose"], []).append(row)
    return found


def close_tasks(
    case: Row, purposes: Sequence[str], *, by: Actor, at: datetime, status: str = DONE
) -> None:
    """Close what is still open of a case's tasks for these purposes."""
    close_many(_open(case["id"], TIES.c.purpose.in_(purposes)), status, by=by, at=at)


def settle_tasks(
    case: Row, done: Collection[int], *, by: Actor, at: datetime, drop_others: bool
) -> None:
    """Close those of `done` as done that are still open of what was promised and asked for; with
    `drop_others` the rest is dropped: nobody did it, and the case is closed."""
    left = _open(case["id"], TIES.c.purpose.in_(TICKED))
    close_many([one for one in left if one in done], DONE, by=by, at=at)
    if drop_others:
        close_many([one for one in left if one not in done], DROPPED, by=by, at=at)


def hand_on(case: Row, user_id: int | None, *, by: Actor, at: datetime) -> None:
    """Give the open tasks of a case to whoever has it now, but for what somebody else was asked for.
    Back in the queue they go to who leads its joint team, else its team; where nobody does, they stay.
    `case` is as it was before."""
    heir = user_id or _lead_of(case["id"]) or _team_lead(case["team_id"])
    if heir is not None:
        mine = (TIES.c.purpose != ASKED) | (TASKS.c.assignee_id == case["assignee_id"])
        for task_id in _open(case["id"], mine):
            replan(task_id, {"assignee_id": heir}, by=by, at=at)


def _team_lead(team_id: int | None) -> int | None:
    """Who leads a team, as long as they sign in."""
    found = next((team.lead_id for team in teams() if team.id == team_id), None)
    return found if is_here(found) else None


def hand_back(case: Row, user_id: int, *, by: Actor, at: datetime) -> None:
    """Give what somebody who left the joint team was asked for to whoever has the case; where nobody
    has, it stays."""
    if case["assignee_id"] is not None:
        for task_id in _open(case["id"], TASKS.c.assignee_id == user_id):
            replan(task_id, {"assignee_id": case["assignee_id"]}, by=by, at=at)


def purpose_of(case_id: int, task_id: int) -> str | None:
    """What a task is for in a case; None for one that is not of this case."""
    wanted = select(TIES.c.purpose).where(TIES.c.case_id == case_id, TIES.c.task_id == task_id)
    return database.session.execute(wanted).scalar()


_STILL = (TASKS.c.status == "open", TASKS.c.state == "active")


def _open(case_id: int, *where: Any) -> list[int]:
    wanted = (
        select(TIES.c.task_id)
        .join(TASKS, TASKS.c.id == TIES.c.task_id)
        .where(TIES.c.case_id == case_id, *where, *_STILL)
    )
    return list(database.session.execute(wanted).scalars())
