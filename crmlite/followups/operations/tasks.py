"""Next steps: added, done, moved to another day, dropped."""

from datetime import date, datetime

from crmlite.followups.facts import refresh
from crmlite.followups.models import Task
from crmlite.followups.operations.interactions import NextStep, customer_of
from crmlite.work import Actor, current, operation, records, tell


@operation("task_added")
def add_task(customer_id: int, step: NextStep, *, by: Actor, at: datetime) -> int:
    """Plan a next step; answers its id."""
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
        },
    )
    _changed(customer_id)
    return task_id


@operation("task_finished")
def finish_task(task_id: int, *, by: Actor, at: datetime, outcome: str | None = None) -> int:
    """Tick a next step off; answers the id of the operation."""
    return _change(task_id, {"status": "done", "done_at": at, "outcome": outcome})


@operation("task_moved")
def move_task(task_id: int, due_on: date, *, by: Actor, at: datetime) -> int:
    """Put a next step off, or forward, to another day; answers the id of the operation."""
    return _change(task_id, {"due_on": due_on})


@operation("task_dropped")
def drop_task(task_id: int, *, by: Actor, at: datetime) -> int:
    """Decide not to do it; answers the id of the operation."""
    return _change(task_id, {"status": "dropped"})


def _change(task_id: int, values: dict[str, object]) -> int:
    customer_id = customer_of(Task, task_id)
    if not records.update(Task, task_id, values):
        return 0
    _changed(customer_id)
    return current().id


def _changed(customer_id: int) -> None:
    refresh([customer_id])
    tell("customer_changed", customer_id=customer_id)
