"""The timetable: each recurring kind always has its next slot in the queue, and each kind whose work
piles up in the book a job while there is some."""

import logging
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, delete, func, or_, select

from crmlite import settings
from crmlite.jobs.kinds import JobKind, kinds, payload_of
from crmlite.jobs.models import DROPPED, PARKED, READY, RUNNING, Job
from crmlite.jobs.queue import park_deserted
from crmlite.jobs.slots import following, next_slot, slot_key
from crmlite.jobs.transactions import reading, unless_there
from crmlite.work.aside import aside

REST = timedelta(hours=1)

log = logging.getLogger(__name__)
table = Job.__table__


def plan(at: datetime) -> None:
    """Put the next slot of each recurring kind into the queue where it is not there yet.

    A slot that was missed is still in the queue and runs first; only then comes the next one. One
    that a clock put there which ran ahead makes room for the right one.
    Any number of workers may plan at once: a slot's key is unique.
    """
    zone = ZoneInfo(str(settings.get("timezone")))
    with aside() as connection:
        park_deserted(connection, at)
        _drop_what_is_too_far(connection, at, zone)
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


def _drop_what_is_too_far(connection: Connection, at: datetime, zone: ZoneInfo) -> None:
    """Take slots away that are later than the next one: until they come, nothing would be done."""
    known = kinds()
    waiting = select(table.c.id, table.c.kind, table.c.slot).where(
        table.c.state == READY, table.c.slot > at
    )
    for row in connection.execute(waiting).all():
        kind = known.get(row.kind)
        if kind is None or not kind.recurs or row.slot <= following(kind, at, zone):
            continue
        if row.slot > _next(connection, kind, at, zone, but=row.id):
            gone = delete(table).where(table.c.id == row.id, table.c.state == READY)
            connection.execute(gone)


def _put_next(connection: Connection, kind: JobKind, at: datetime, zone: ZoneInfo) -> None:
    slot = _next(connection, kind, at, zone)
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


def _next(
    connection: Connection, kind: JobKind, at: datetime, zone: ZoneInfo, but: int = 0
) -> datetime:
    """The next slot of a kind, as if the job `but` were not there."""
    mine = (table.c.kind == kind.name) & (table.c.id != but)
    last = connection.execute(select(func.max(table.c.slot)).where(mine)).scalar()
    newest = (
        select(table.c.key)
        .where(mine, table.c.slot.is_not(None))
        .order_by(table.c.slot.desc())
        .limit(50)
    )
    taken = set(connection.execute(newest).scalars())
    return next_slot(kind, last, taken, at, zone)
