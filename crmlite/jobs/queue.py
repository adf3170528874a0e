"""The queue: putting work in, taking it for a while, saying that it is done or failed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, and_, case, literal, or_, select, update

from crmlite import clock
from crmlite.db.columns import UTCDateTime
from crmlite.extensions import database
from crmlite.jobs.kinds import JobKind, kinds, known
from crmlite.jobs.models import DONE, PARKED, READY, RUNNING, Job
from crmlite.jobs.transactions import reading, unless_there
from crmlite.wording import N_
from crmlite.work import current
from crmlite.work.aside import aside
from crmlite.work.operations import is_running

MOST_ATTEMPTS = 5
WAITS = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800))  # after the 1st, 2nd … failure
GONE_SILENT = N_("The worker stopped in the middle of it, each time.")

table = Job.__table__


class LeaseLost(Exception):
    """The job was given to another worker meanwhile; what this one did of it is not kept."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this worker may do until its lease ends."""

    id: int
    kind: JobKind
    payload: Mapping[str, Any]
    owner: str
    attempts: int


def enqueue(
    kind: str,
    payload: Mapping[str, Any] | None = None,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
) -> int | None:
    """Have something done in the background; belongs inside an operation and is undone with it.

    With a `key` that was used before nothing happens, and the answer is None instead of the job's
    id. `run_at` keeps it waiting until then. Raises UnknownKind.
    """
    known(kind)
    at = current().at
    row = {
        "kind": kind,
        "key": key,
        "payload": dict(payload or {}),
        "run_at": run_at or at,
        "state": READY,
        "attempts": 0,
        "created_at": at,
    }
    session = database.session
    return session.execute(unless_there(session.connection(), row).returning(table.c.id)).scalar()


def enqueue_once(kind: str, payload: Mapping[str, Any] | None = None) -> None:
    """The same, unless just this waits already: it will find what the running operation changes."""
    asked = dict(payload or {})
    if asked not in _about_to_begin(kind):
        enqueue(kind, asked)


def _about_to_begin(kind: str) -> list[Mapping[str, Any]]:
    """What the jobs of a kind are about that nobody has begun, nor can before the running operation is
    committed: in SQLite because no other writes, in PostgreSQL because their rows are held."""
    wanted = select(table.c.payload).where(
        table.c.kind == kind, table.c.state == READY, table.c.run_at <= current().at
    )
    held = wanted.with_for_update(skip_locked=True)
    return list(database.session.execute(held).scalars())


def claim(owner: str, at: datetime, *, only: int | None = None) -> Claim | None:
    """Take the job that has waited longest, or `only` that one; None when nothing is due.

    A job whose worker let its lease run out is taken over. Raises DBAPIError when others wrote for
    longer than we wait.
    """
    wanted = _due(at) if only is None else and_(_due(at), table.c.id == only)
    first = select(table.c.id).where(wanted).order_by(table.c.run_at, table.c.id).limit(1)
    with reading() as session:
        if session.execute(first).first() is None:
            return None  # without having asked for the right to write
    if database.engine.dialect.name == "postgresql":
        first = first.with_for_update(skip_locked=True)
    statement = (
        update(table)
        .where(table.c.id == first.scalar_subquery())
        .values(
            state=RUNNING,
            owner=owner,
            lease_until=_lease_ends(at),
            attempts=table.c.attempts + 1,
            started_at=at,
        )
        .returning(table.c.id, table.c.kind, table.c.payload, table.c.attempts)
    )
    with aside() as connection:
        row = connection.execute(statement).first()
    if row is None:
        return None  # another worker was faster
    return Claim(row.id, known(row.kind), row.payload, owner, row.attempts)


def _lease_ends(at: datetime) -> Any:
    """When the lease of a job claimed now ends: each kind says how long it may take."""
    ends = {kind.name: literal(at + kind.lease, UTCDateTime) for kind in kinds().values()}
    return case(ends, value=table.c.kind)


def _due(at: datetime) -> Any:
    waiting = and_(table.c.state == READY, table.c.run_at <= at)
    deserted = and_(
        table.c.state == RUNNING, table.c.lease_until < at, table.c.attempts < MOST_ATTEMPTS
    )
    return and_(or_(waiting, deserted), table.c.kind.in_(list(kinds())))


def finish(claimed: Claim, at: datetime) -> None:
    """Note in the running operation that the job is done. Raises LeaseLost when it is not ours."""
    current()
    _keep(database.session, claimed, state=DONE, finished_at=at, lease_until=None, last_error=None)


def fail(claimed: Claim, error: str, at: datetime) -> None:
    """Have a failed job tried again later; after five attempts it is parked.

    Raises LeaseLost when it is not ours any more.
    """
    values: dict[str, Any] = {"last_error": error, "finished_at": at, "lease_until": None}
    if claimed.attempts >= MOST_ATTEMPTS:
        values |= {"state": PARKED}
    else:
        values |= {"state": READY, "run_at": at + WAITS[claimed.attempts - 1]}
    with aside() as connection:
        _keep(connection, claimed, **values)


def park_deserted(connection: Connection, at: datetime) -> None:
    """Park the jobs whose workers died at every attempt."""
    connection.execute(
        update(table)
        .where(
            table.c.state == RUNNING,
            table.c.lease_until < at,
            table.c.attempts >= MOST_ATTEMPTS,
        )
        .values(state=PARKED, last_error=GONE_SILENT, finished_at=at, lease_until=None)
    )


class Lease:
    """The hold of a worker on a long job."""

    def __init__(self, claimed: Claim) -> None:
        self._claimed = claimed

    @property
    def is_last(self) -> bool:
        """Whether the job is parked when this attempt fails."""
        return self._claimed.attempts >= MOST_ATTEMPTS

    def renew(self) -> None:
        """Keep the job for another while; inside an operation together with it.

        Raises LeaseLost when another worker has it: stop, and keep nothing of this batch.
        """
        until = clock.now() + self._claimed.kind.lease
        if is_running():
            _keep(database.session, self._claimed, lease_until=until)
        else:
            with aside() as connection:
                _keep(connection, self._claimed, lease_until=until)


def _keep(where: Any, claimed: Claim, **values: Any) -> None:
    """Change the job if it is still ours."""
    changed = where.execute(
        update(table)
        .where(
            table.c.id == claimed.id,
            table.c.state == RUNNING,
            table.c.owner == claimed.owner,
            table.c.attempts == claimed.attempts,
        )
        .values(values)
    )
    if not changed.rowcount:
        raise LeaseLost(claimed.kind.name)
