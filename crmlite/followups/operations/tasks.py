"""Tasks as people plan, change, move and close them.

What is done or dropped stays as it is: whoever is second changes nothing, and is answered 0.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from crmlite.customers.operations import update_customer
from crmlite.followups.operations.planning import (
    DONE,
    DROPPED,
    TaskDraft,
    close,
    plan,
    replan,
    task_row,
)
from crmlite.work import Actor, current, operation


@operation("task_added")
def add_task(customer_id: int, draft: TaskDraft, *, by: Actor, at: datetime) -> dict[str, int]:
    """Plan a task; answers `{"id", "operation"}`."""
    task_id = plan(customer_id, draft, by=by, at=at)
    return {"id": task_id, "operation": current().id}


@operation("task_updated")
def update_task(
    task_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Word a task anew, give it another day or to somebody else; answers the id of the operation.
    Raises Stale, Gone."""
    return current().id if replan(task_id, values, by=by, at=at, version=version) else 0


@operation("task_finished")
def finish_task(
    task_id: int,
    *,
    by: Actor,
    at: datetime,
    outcome: str | None = None,
    customer: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> int:
    """Tick a task off, with what came of it; answers the id of the operation.

    `customer` are columns of its customer that change in the same step, such as stage and status,
    and `version` is that customer's as the person has seen it. Raises Stale, Gone.
    """
    customer_id = task_row(task_id)["customer_id"]
    if not close(task_id, DONE, by=by, at=at, outcome=outcome):
        return 0
    if customer:
        update_customer(customer_id, customer, by=by, at=at, version=version)
    return current().id


@operation("task_moved")
def move_task(
    task_id: int,
    due_on: date,
    *,
    by: Actor,
    at: datetime,
    timed: bool = False,
    due_at: datetime | None = None,
) -> int:
    """Put a task off, or forward, to another day; answers the id of the operation. Its time of day
    goes along, unless it is said anew: `timed`, to `due_at` or to no time at all."""
    wanted = {"due_on": due_on, "due_at": due_at} if timed else {"due_on": due_on}
    return current().id if replan(task_id, wanted, by=by, at=at) else 0


@operation("task_taken")
def take_task(task_id: int, *, by: Actor, at: datetime) -> int:
    """Make a task one's own; answers the id of the operation."""
    return current().id if replan(task_id, {"assignee_id": by.user_id}, by=by, at=at) else 0


@operation("task_dropped")
def drop_task(task_id: int, *, by: Actor, at: datetime, outcome: str | None = None) -> int:
    """Decide not to do it, perhaps with why; answers the id of the operation."""
    return current().id if close(task_id, DROPPED, by=by, at=at, outcome=outcome) else 0
