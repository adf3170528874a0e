"""Keeping the notifications few: what was read long ago goes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from crmlite.accounts.queries import people
from crmlite.extensions import database
from crmlite.jobs import Lease
from crmlite.notifications.models import Notification
from crmlite.work import Actor, operation

KEPT = timedelta(days=90)
BATCH = 500
TABLE = Notification.__table__


def tidy(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Take out what people read more than 90 days ago."""
    for user_id in people():
        while remove_read(user_id, at - KEPT, by=by, at=at):
            lease.renew()


@operation("notifications_tidied", traced=False)
def remove_read(user_id: int, before: datetime, *, by: Actor, at: datetime) -> int:
    """Take out one batch of what somebody read before a moment; answers how many."""
    old = (
        select(TABLE.c.id)
        .where(TABLE.c.user_id == user_id, TABLE.c.read_at < before)
        .order_by(TABLE.c.read_at)
        .limit(BATCH)
    )
    removed = database.session.execute(delete(TABLE).where(TABLE.c.id.in_(old)))
    return int(removed.rowcount)
