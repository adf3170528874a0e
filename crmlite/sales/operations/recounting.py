"""Reckoning anew what customers bought when the firm's currency is another one."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue_once
from crmlite.sales.facts import refresh_customers
from crmlite.sales.models import Order
from crmlite.work import Actor, operation

KIND = "sum-up-orders"
BATCH = 500
ORDERS = Order.__table__


def have_all_summed() -> None:
    """Have it done in the background; belongs inside the operation that makes it necessary."""
    enqueue_once(KIND)


def sum_all(_payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Sum up the orders of every customer who has some, in short batches."""
    last = 0
    while last := _sum(last, by=by, at=at):
        lease.renew()


@operation("orders_summed", traced=False)
def _sum(after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id of a customer that was summed, 0 when there are no more."""
    wanted = select(ORDERS.c.customer_id).distinct().where(ORDERS.c.customer_id > after)
    some = wanted.order_by(ORDERS.c.customer_id).limit(BATCH)
    ids = list(database.session.execute(some).scalars())
    if not ids:
        return 0
    refresh_customers(ids)
    return ids[-1]
