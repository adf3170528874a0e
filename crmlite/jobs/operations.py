"""What a manager decides about background work: run it now, try again, let it be."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from crmlite.extensions import database
from crmlite.jobs.kinds import known, payload_of
from crmlite.jobs.models import DROPPED, PARKED, READY, RUNNING, Job
from crmlite.jobs.queue import enqueue
from crmlite.work import Actor, Gone, Refused, current, operation

table = Job.__table__


@operation("job_requested")
def request_run(kind: str, *, by: Actor, at: datetime) -> int:
    """Have work done once more, now, beside its timetable; answers the job's id.

    While it was asked for already and is not done, that one serves. Raises UnknownKind; Refused
    (`needs-facts`) for work that is about something in particular.
    """
    if not known(kind).on_demand:
        raise Refused("needs-facts")
    asked = select(table.c.id, table.c.state, table.c.run_at).where(
        table.c.kind == kind, table.c.slot.is_(None), table.c.state.in_((READY, RUNNING))
    )
    there = database.session.execute(asked).first()
    if there is not None:
        if there.state == READY and there.run_at > at:  # it failed, and would be tried later
            _change(there.id, table.c.state == READY, run_at=at)
        return int(there.id)
    made = enqueue(kind, {**payload_of(at), "asked": True} if known(kind).recurs else None)
    assert made is not None
    _write_down()
    return made


@operation("job_retried")
def retry(job_id: int, *, by: Actor, at: datetime) -> int:
    """Try a job that failed again at once, with all its attempts. Raises Gone when it runs or is
    done."""
    waits = (table.c.state == PARKED) | ((table.c.state == READY) & table.c.last_error.is_not(None))
    _change(job_id, waits, state=READY, run_at=at, attempts=0)
    return job_id


@operation("job_dropped")
def drop(job_id: int, *, by: Actor, at: datetime) -> int:
    """Let a parked job be; it is not done any more. Raises Gone when it is not parked."""
    _change(job_id, table.c.state == PARKED, state=DROPPED, finished_at=at)
    return job_id


def _change(job_id: int, condition: Any, **values: Any) -> None:
    changed = database.session.execute(
        update(table).where(table.c.id == job_id, condition).values(values)
    )
    if not changed.rowcount:
        raise Gone("job", job_id)
    _write_down()


def _write_down() -> int:
    """Have the decision stand in the ledger, though no record of the book changed: asking for its
    id writes its row."""
    return current().id
