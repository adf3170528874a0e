"""Asking people who work on a case for something: tasks of its joint team, and when they are done."""

from datetime import datetime

from sqlalchemy import select

from crmlite.cases.models import CaseMember
from crmlite.cases.operations.events import Row, load, refuse, settled
from crmlite.cases.operations.tasks import ASKED, PROMISED, plan_asked, purpose_of
from crmlite.extensions import database
from crmlite.followups.operations.planning import DONE, close
from crmlite.notifications.notices import Notice
from crmlite.notifications.operations import notify
from crmlite.rules.casework import Status
from crmlite.rules.problems import Problem
from crmlite.work import Actor, Gone, Refused, operation

MEMBERS = CaseMember.__table__


@operation("case_task_added")
def ask(
    case_id: int, what: str, user_id: int, by_when: datetime, *, by: Actor, at: datetime
) -> int:
    """Ask whoever has a case, or somebody of its joint team, for something by a moment; answers the
    operation's id. Raises Gone; Refused where the case is confirmed, or for who does not work on it
    (`case-task-whose`)."""
    case = load(case_id)
    if case["status"] == Status.CONFIRMED:
        refuse(Problem("case_is_closed"))
    if user_id not in workers(case):
        raise Refused("case-task-whose")
    task_id = plan_asked(case, what, user_id, by_when, by=by, at=at)
    params = {"case": case_id, "number": case["number"]}
    notify([Notice(user_id, "case-task", params, f"case-task:{task_id}")], by=by, at=at)
    return settled(case)


def workers(case: Row) -> set[int]:
    """Who works on a case: whoever has it, and its joint team."""
    wanted = select(MEMBERS.c.user_id).where(MEMBERS.c.case_id == case["id"])
    return {case["assignee_id"], *database.session.execute(wanted).scalars()} - {None}


@operation("case_task_closed")
def close_task(case_id: int, task_id: int, *, by: Actor, at: datetime, status: str = DONE) -> int:
    """Tick off a promise of a case, or what somebody was asked for, or drop it; answers the operation's
    id, 0 when it was closed before. What a clock asks for closes with its clock. Raises Gone."""
    case = load(case_id)
    if purpose_of(case_id, task_id) not in (PROMISED, ASKED):
        raise Gone("task", task_id)
    return settled(case) if close(task_id, status, by=by, at=at) else 0
