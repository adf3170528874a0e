"""The timetable: each recurring kind always has its next slot in the queue, and each kind whose work
piles up in the book a job while there is some."""

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, or_, select

from crmlite import settings
from crmlite.jobs.kinds import JobKind, kinds, payload_of
from crmlite.jobs.models import DROPPED, PARKED, READY, RUNNING, Job
from crmlite.jobs.queue import park_deserted
from crmlite.jobs.slots import next_slot, slot_key
from crmlite.jobs.transactions import reading, unless_there
from crmlite.work.aside import aside

REST = timedelta(hours=1)

log = logging.getLogger(__name__)
table = Job.__table__


def plan(at: datetime) -> None:
    """Put the next slot of each recurring kind into the queue where it is not there yet.

    A slot that was missed is still in the queue and runs first; only then comes the next one.
    Any number of workers may plan at once: a slot's key is unique.
    """
    zone = ZoneInfo(str(settings.get("timezone")))
    with aside() as connection:
        park_deserted(connection, at)
        waiting = _waiting(connection)
        for kind in kinds().values():
            if kind.recurs and kind.name not in waiting:
                _put_next(connection, kind, at, zone)


def put_pending(at: datetime) -> None:
    """Put a job into the queue for each kind whose work has piled up in the book, unless one waits
    or runs. After one that failed for good the kind rests for a while: it would fail again."""
    for kind in kinds().values():
        if kind.pending is None:
            continue
        with reading() as session:
            try:
                due = kind.pending() and not session.execute(_in_the_way(kind, at)).first()
            except Exception:
                log.exception("a kind of work cannot say whether there is some: %s", kind.name)
                continue
        if due:
            _put_one(kind, at)


def _put_one(kind: JobKind, at: datetime) -> None:
    """Any number of workers may do so at once: the key, which tells the last job of the kind, is
    unique."""
    last = select(func.max(table.c.id)).where(table.c.kind == kind.name)
    with aside() as connection:
        # In this order: a job that comes between the two is seen, or has the key.
        after = connection.execute(last).scalar() or 0
        if connection.execute(_in_the_way(kind, at)).first() is not None:
            return
        row = {
            "kind": kind.name,
            "key": f"{kind.name}:after-{after}",
            "payload": {},
            "run_at": at,
            "state": READY,
            "attempts": 0,
            "created_at": at,
        }
        connection.execute(unless_there(connection, row))


def _in_the_way(kind: JobKind, at: datetime) -> Select[Any]:
    """The jobs because of which no other of their kind is asked for now."""
    under_way = table.c.state.in_((READY, RUNNING))
    failed = table.c.state.in_((PARKED, DROPPED)) & (table.c.finished_at > at - REST)
    return select(table.c.id).where(table.c.kind == kind.name, or_(under_way, failed)).limit(1)


def _waiting(connection: Connection) -> set[str]:
    """The kinds with a slot that is to come or under way."""
    return set(
        connection.execute(
            select(table.c.kind)
            .where(table.c.slot.is_not(None), table.c.state.in_((READY, RUNNING)))
            .distinct()
        ).scalars()
    )


def _put_next(connection: Connection, kind: JobKind, at: datetime, zone: ZoneInfo) -> None:
    mine = table.c.kind == kind.name
    last = connection.execute(select(func.max(table.c.slot)).where(mine)).scalar()
    newest = (
        select(table.c.key)
        .where(mine, table.c.slot.is_not(None))
        .order_by(table.c.slot.desc())
        .limit(50)
    )
    taken = set(connection.execute(newest).scalars())
    slot = next_slot(kind, last, taken, at, zone)
    row = {
        "kind": kind.name,
        "key": slot_key(kind, slot, zone),
        "payload": payload_of(slot),
        "slot": slot,
        "run_at": slot,
        "state": READY,
        "attempts": 0,
        "created_at": at,
    }
    connection.execute(unless_there(connection, row))
