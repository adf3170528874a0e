"""Naming and dating the records of a kind anew when it does so by another field."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue_once
from crmlite.objects.facts import follow, refresh
from crmlite.objects.models import Object
from crmlite.work import Actor, current, operation
from crmlite.work.records import UPDATED

KIND = "derive-objects"
BATCH = 500
OBJECTS = Object.__table__


def have_derived() -> None:
    """Have it done in the background for the kinds that the running operation has given another title
    or day so far."""
    moved = {
        change["record_id"]
        for change in current().changes
        if (change["record_type"], change["verb"]) == ("object_type", UPDATED)
        and {"title", "day"} & change["diff"].keys()
    }
    if moved:
        enqueue_once(KIND, {"types": sorted(moved)})


def derive(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Name and date all records of some kinds anew, in short batches."""
    last = 0
    while last := _derive(payload["types"], last, by=by, at=at):
        lease.renew()


@operation("objects_derived", traced=False)
def _derive(type_ids: Sequence[int], after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id of a customer that was looked at, 0 when there are no more."""
    wanted = select(OBJECTS.c.customer_id).distinct()
    wanted = wanted.where(OBJECTS.c.type_id.in_(type_ids), OBJECTS.c.customer_id > after)
    some = wanted.order_by(OBJECTS.c.customer_id).limit(BATCH)
    ids = list(database.session.execute(some).scalars())
    if not ids:
        return 0
    refresh(ids)
    follow(ids)
    return ids[-1]
