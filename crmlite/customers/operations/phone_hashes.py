"""Finding customers by phone, also after the firm's country has become another one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import ContactKey
from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue_once
from crmlite.work import Actor, operation

KIND = "hash-phones"
BATCH = 500


def have_phones_hashed() -> None:
    """Have it done in the background; belongs inside the operation that makes it necessary."""
    enqueue_once(KIND)


def hash_phones(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make the keyed hashes of all who have a phone anew, in short batches."""
    last = 0
    while last := _hash(last, by=by, at=at):
        lease.renew()


@operation("customers_indexed", traced=False)
def _hash(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id that was looked at, 0 when there are no more."""
    keys = ContactKey.__table__
    wanted = (
        select(keys.c.customer_id)
        .distinct()
        .where(keys.c.purpose == "phone", keys.c.customer_id > after)
        .order_by(keys.c.customer_id)
        .limit(BATCH)
    )
    ids = list(database.session.execute(wanted).scalars())
    if not ids:
        return 0
    follow(ids, facts=False)
    return ids[-1]
