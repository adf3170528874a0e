"""What managers see of the background work: what runs when, how it went, what waits for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from crmlite.extensions import database
from crmlite.jobs import models, reasons
from crmlite.jobs.kinds import JobKind, kinds
from crmlite.jobs.models import DONE, PARKED, READY, RUNNING, Job
from crmlite.jobs.transactions import reading
from crmlite.work.checks import Finding

table = Job.__table__
MOST_TROUBLES = 50


@dataclass(slots=True)
class KindState:
    """How a kind of work stands."""

    kind: JobKind
    last_at: datetime | None = None
    last_took: timedelta | None = None
    next_at: datetime | None = None
    running_since: datetime | None = None
    waiting: int = 0
    failing: int = 0
    parked: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Trouble:
    """A job that failed: it is tried again at `again_at`, or parked until somebody decides."""

    id: int
    kind: str
    parked: bool
    attempts: int
    reason: Finding
    failed_at: datetime | None
    again_at: datetime | None


def states(at: datetime) -> list[KindState]:
    """Every kind of work as it stands at a moment, in the order of registration."""
    found = {kind.name: KindState(kind) for kind in kinds().values()}
    for row in database.session.execute(_open_jobs()):
        if row.kind in found:
            _count(found[row.kind], row, at)
    for row in database.session.execute(_last_done()):
        if row.kind in found:
            found[row.kind].last_at = row.finished_at
            found[row.kind].last_took = row.finished_at - (row.started_at or row.finished_at)
    return list(found.values())


def troubles() -> list[Trouble]:
    """Jobs that failed and are not done since, those that wait for a decision first."""
    rows = database.session.execute(
        select(table)
        .where(or_(table.c.state == PARKED, _failing()))
        .order_by(table.c.state != PARKED, table.c.id.desc())
        .limit(MOST_TROUBLES)
    )
    return [
        Trouble(
            id=row.id,
            kind=row.kind,
            parked=row.state == PARKED,
            attempts=row.attempts,
            reason=reasons.read(row.last_error),
            failed_at=row.finished_at,
            again_at=None if row.state == PARKED else row.run_at,
        )
        for row in rows
    ]


def outcome(job_id: int) -> tuple[str, str]:
    """State and last error of one job, in English."""
    row = database.session.execute(
        select(table.c.state, table.c.last_error).where(table.c.id == job_id)
    ).one()
    return row.state, str(reasons.read(row.last_error))


def is_over(job_id: int) -> bool:
    """Whether a job is done, or nobody will do it, as things stand at this moment."""
    with reading() as session:
        state = session.execute(select(table.c.state).where(table.c.id == job_id)).scalar()
    return state not in (READY, RUNNING)


def is_waiting(job_id: int) -> bool:
    """Whether a job is still to be done, as the transaction at hand sees it."""
    state = database.session.execute(select(table.c.state).where(table.c.id == job_id)).scalar()
    return state in (READY, RUNNING)


def _failing() -> ColumnElement[bool]:
    return (table.c.state == READY) & table.c.last_error.is_not(None)


def _open_jobs() -> Select[Any]:
    return (
        select(
            table.c.kind,
            table.c.state,
            func.count().label("number"),
            func.count(table.c.last_error).label("failing"),
            func.min(table.c.run_at).label("first_at"),
            func.min(table.c.started_at).label("started_at"),
        )
        .where(table.c.state.in_((READY, RUNNING, PARKED)))
        .group_by(table.c.kind, table.c.state)
    )


def _last_done() -> Select[Any]:
    newest = select(func.max(table.c.id)).where(table.c.state == DONE).group_by(table.c.kind)
    return select(table.c.kind, table.c.started_at, table.c.finished_at).where(
        table.c.id.in_(newest)
    )


def _count(state: KindState, row: Any, at: datetime) -> None:
    match row.state:
        case models.READY:
            state.next_at = row.first_at
            state.waiting = row.number
            state.failing = row.failing
        case models.RUNNING:
            state.running_since = row.started_at or at
        case models.PARKED:
            state.parked = row.number
