"""Tasks by the days of another time zone: on which day the moment of a task is, and when its day ends,
depends on where the firm is."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from crmlite.extensions import database
from crmlite.followups.facts import refresh
from crmlite.followups.models import Task
from crmlite.jobs import Lease, enqueue_once
from crmlite.settings.queries import local_day
from crmlite.work import Actor, operation

KIND = "days-of-tasks"
BATCH = 500
TASKS = Task.__table__
OPEN = (TASKS.c.status == "open", TASKS.c.state == "active")


def have_days_found() -> None:
    """Have it done in the background; belongs inside the operation that makes it necessary."""
    enqueue_once(KIND)


def find_days(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Put the open tasks that have a moment on its day, and find out anew when promises are late, in
    short batches of customers."""
    last = 0
    while last := _find(last, by=by, at=at):
        lease.renew()


@operation("task_days_found", traced=False)
def _find(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last customer of it, 0 when there are no more."""
    concerned = or_(TASKS.c.due_at.is_not(None), TASKS.c.kind == "promise")
    wanted = select(TASKS.c.customer_id).where(*OPEN, concerned, TASKS.c.customer_id > after)
    some = wanted.distinct().order_by(TASKS.c.customer_id).limit(BATCH)
    ids = list(database.session.execute(some).scalars())
    _put_on_days(ids)
    refresh(ids)
    return ids[-1] if ids else 0


def _put_on_days(customer_ids: Sequence[int]) -> None:
    timed = select(TASKS.c.id, TASKS.c.due_on, TASKS.c.due_at).where(
        TASKS.c.customer_id.in_(customer_ids), *OPEN, TASKS.c.due_at.is_not(None)
    )
    moved = [
        {"row": row.id, "day": day}
        for row in database.session.execute(timed)
        if (day := local_day(row.due_at)) != row.due_on
    ]
    if moved:
        database.session.connection().execute(
            update(TASKS).where(TASKS.c.id == bindparam("row")).values(due_on=bindparam("day")),
            moved,
        )
