"""Figures that the days change: counted anew every night for those of whom they are others now."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from crmlite import hooks
from crmlite.customers.following import Sliding
from crmlite.customers.models import Facts
from crmlite.customers.tags.rules import SLID
from crmlite.extensions import database
from crmlite.jobs import Lease
from crmlite.settings import local_day
from crmlite.work import Actor, operation

BATCH = 500
FACTS = Facts.__table__


def sliding() -> list[Sliding]:
    """What slides of all that slices and packs count."""
    return [part.sliding for part in hooks.gathered("register_facts") if part.sliding]


def slide(*, by: Actor, at: datetime, lease: Lease | None = None) -> int:
    """Count what is another figure today; answers of how many customers. In short batches."""
    number = 0
    for one in sliding():
        while ids := _outdated(one, local_day(at)):
            number += _slide(one, ids, lease, by=by, at=at)
    return number


def _outdated(one: Sliding, today: date) -> Sequence[int]:
    wanted = select(FACTS.c.customer_id).where(FACTS.c[one.until] <= today)
    some = wanted.order_by(FACTS.c[one.until]).limit(BATCH)
    return database.session.execute(some).scalars().all()


@operation(SLID, traced=False)
def _slide(
    one: Sliding, ids: Sequence[int], lease: Lease | None, *, by: Actor, at: datetime
) -> int:
    if lease is not None:
        lease.renew()
    one.refresh(ids)
    return len(ids)
