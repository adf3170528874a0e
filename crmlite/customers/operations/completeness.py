"""Looking through the whole book again when what the firm requires of a customer has changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.completeness import refresh_completeness
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue_once
from crmlite.work import Actor, operation

KIND = "look-what-is-missing"
BATCH = 500


def have_all_looked_at() -> None:
    """Have it done in the background; belongs inside the operation that makes it necessary."""
    enqueue_once(KIND)


def look_at_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Find out for every customer whether something required is missing, in short batches."""
    last = 0
    while last := _look(last, by=by, at=at):
        lease.renew()


@operation("completeness_refreshed", traced=False)
def _look(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id that was looked at, 0 when there are no more."""
    table = Customer.__table__
    statement = select(table.c.id).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    ids = list(database.session.execute(statement).scalars())
    if not ids:
        return 0
    refresh_completeness(ids)
    return ids[-1]
