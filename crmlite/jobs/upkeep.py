"""Keeping the queue small: what was done long ago is taken out of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from crmlite.extensions import database
from crmlite.jobs.models import DONE, DROPPED, Job
from crmlite.jobs.queue import Lease
from crmlite.work import Actor, operation

KEEP = timedelta(days=3)
BATCH = 500

table = Job.__table__


def tidy(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Take out finished jobs that are older than three days, but for the newest of each kind."""
    while remove_finished(at - KEEP, by=by, at=at):
        lease.renew()


@operation("jobs_tidied", traced=False)
def remove_finished(before: datetime, *, by: Actor, at: datetime) -> int:
    """Take out one batch of jobs that were finished before a moment; answers how many."""
    finished = table.c.state.in_((DONE, DROPPED))
    newest = select(func.max(table.c.id)).where(finished).group_by(table.c.kind)
    latest_slots = (
        select(func.max(table.c.slot)).where(table.c.slot.is_not(None)).group_by(table.c.kind)
    )
    old = (
        select(table.c.id)
        .where(
            finished,
            table.c.finished_at < before,
            table.c.id.not_in(newest),
            (table.c.slot.is_(None)) | (table.c.slot.not_in(latest_slots)),
        )
        .limit(BATCH)
    )
    removed = database.session.execute(delete(table).where(table.c.id.in_(old)))
    return int(removed.rowcount)
