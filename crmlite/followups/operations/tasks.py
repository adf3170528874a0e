"""Next steps: added, changed, done, moved to another day, dropped.

What is done or dropped stays as it is: whoever is second changes nothing, and is answered 0.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.followups.facts import refresh
from crmlite.followups.models import Task
from crmlite.followups.operations.interactions import NextStep
from crmlite.work import Actor, Gone, current, operation, records, tell


@operation("task_added")
def add_task(customer_id: int, step: NextStep, *, by: Actor, at: datetime) -> dict[str, int]:
    """Plan a next step; answers `{"id", "operation"}`."""
    task_id = records.insert(
        Task,
        {
            "customer_id": customer_id,
            "kind": "next-step",
            "status": "open",
            "state": "active",
            "what": step.what,
            "channel": step.channel,
            "due_on": step.due_on,
            "assignee_id": step.assignee_id or by.user_id,
            "planned_by_id": by.user_id,
        },
    )
    _changed(customer_id)
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
    """Word a next step anew, give it another day or to somebody else; answers the id of the
    operation. Raises Stale, Gone."""
    return _change(task_id, values, version)


@operation("task_finished")
def finish_task(task_id: int, *, by: Actor, at: datetime, outcome: str | None = None) -> int:
    """Tick a next step off; answers the id of the operation."""
    return _change(task_id, {**_closed("done", by, at), "outcome": outcome})


@operation("task_moved")
def move_task(task_id: int, due_on: date, *, by: Actor, at: datetime) -> int:
    """Put a next step off, or forward, to another day; answers the id of the operation."""
    return _change(task_id, {"due_on": due_on})


@operation("task_dropped")
def drop_task(task_id: int, *, by: Actor, at: datetime) -> int:
    """Decide not to do it; answers the id of the operation."""
    return _change(task_id, _closed("dropped", by, at))


def _closed(status: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {"status": status, "closed_at": at, "closed_by_id": by.user_id}


def _change(task_id: int, values: Mapping[str, Any], version: int | None = None) -> int:
    table = Task.__table__
    found = select(table.c.customer_id, table.c.status).where(table.c.id == task_id)
    row = database.session.execute(found).first()
    if row is None:
        raise Gone("task", task_id)
    if row.status != "open" or not records.update(Task, task_id, values, version=version):
        return 0
    _changed(row.customer_id)
    return current().id


def _changed(customer_id: int) -> None:
    refresh([customer_id])
    tell("customer_changed", customer_id=customer_id)
