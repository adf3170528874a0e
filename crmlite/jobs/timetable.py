"""The timetable: each recurring kind always has its next slot in the queue, and each kind whose work
gathers in the book a job while there is some."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from crmlite import settings
from crmlite.jobs.kinds import JobKind, kinds, payload_of
from crmlite.jobs.models import PARKED, READY, RUNNING, Job
from crmlite.jobs.queue import park_deserted
from crmlite.jobs.slots import next_slot, slot_key
from crmlite.jobs.transactions import reading, unless_there
from crmlite.work.aside import aside

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


def gather(at: datetime) -> bool:
    """Put a job into the queue for each kind whose work has gathered in the book; whether there was
    one. A kind with a job that waits, runs or is parked gets no second one."""
    found = False
    for kind in kinds().values():
        if kind.wanted is None:
            continue
        with reading():
            wanted = kind.wanted()
        if wanted:
            found |= _put_one(kind, at)
    return found


def _put_one(kind: JobKind, at: datetime) -> bool:
    """Any number of workers may do so at once: the key, which tells the last job of the kind, is
    unique."""
    mine = table.c.kind == kind.name
    there = select(table.c.id).where(mine, table.c.state.in_((READY, RUNNING, PARKED))).limit(1)
    with aside() as connection:
        # In this order: a job that comes between the two is seen, or has the key.
        last = connection.execute(select(func.max(table.c.id)).where(mine)).scalar()
        if connection.execute(there).first() is not None:
            return False
        row = {
            "kind": kind.name,
            "key": f"{kind.name}:after-{last or 0}",
            "payload": {},
            "run_at": at,
            "state": READY,
            "attempts": 0,
            "created_at": at,
        }
        connection.execute(unless_there(connection, row))
    return True


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
