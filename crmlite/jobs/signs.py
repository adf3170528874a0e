"""Signs of life: which workers there are, and when each was last heard of."""

import os
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from crmlite import __version__
from crmlite.extensions import database
from crmlite.jobs.models import RUNNING, Job, WorkerRow
from crmlite.jobs.transactions import insert
from crmlite.work.aside import aside

ALIVE = timedelta(seconds=60)
FORGET = timedelta(hours=1)

table = WorkerRow.__table__


@dataclass(frozen=True, slots=True)
class Identity:
    """One start of one worker process."""

    owner: str
    host: str
    pid: int
    started_at: datetime

    @classmethod
    def new(cls, at: datetime) -> "Identity":
        """The identity of this process, unlike that of any other, before and after."""
        host, pid = socket.gethostname()[:80], os.getpid()
        return cls(f"{host}:{pid}:{secrets.token_hex(4)}", host, pid, at)


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """A worker as others see it."""

    host: str
    pid: int
    version: str
    started_at: datetime
    seen_at: datetime
    alive: bool


def sign(who: Identity, at: datetime) -> None:
    """Say that a worker is there; those not heard of for long are forgotten."""
    with aside() as connection:
        values = {
            "owner": who.owner,
            "host": who.host,
            "pid": who.pid,
            "version": __version__,
            "started_at": who.started_at,
            "seen_at": at,
        }
        connection.execute(
            insert(connection)(table)
            .values(values)
            .on_conflict_do_update(index_elements=["owner"], set_={"seen_at": at})
        )
        connection.execute(delete(table).where(table.c.seen_at < at - FORGET))


def leave(who: Identity) -> None:
    """Say that a worker has stopped on purpose."""
    with aside() as connection:
        connection.execute(delete(table).where(table.c.owner == who.owner))


def workers(at: datetime) -> list[Seen]:
    """The workers that were heard of within the hour, the latest first.

    One that is busy with a long job gives no sign, but holds a lease.
    """
    busy = _holders(at)
    rows = database.session.execute(select(table).order_by(table.c.seen_at.desc(), table.c.id))
    return [
        Seen(
            host=row.host,
            pid=row.pid,
            version=row.version,
            started_at=row.started_at,
            seen_at=row.seen_at,
            alive=row.seen_at > at - ALIVE or row.owner in busy,
        )
        for row in rows
    ]


def is_anybody_working(at: datetime) -> bool:
    """Whether a worker is there that does what is asked for."""
    return any(worker.alive for worker in workers(at))


def _holders(at: datetime) -> Sequence[str]:
    job = Job.__table__
    held = select(job.c.owner).where(job.c.state == RUNNING, job.c.lease_until >= at)
    return list(database.session.execute(held).scalars())
