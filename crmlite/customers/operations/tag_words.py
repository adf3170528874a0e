"""Finding customers by the words of their tags, also after a tag was renamed."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.models import CustomerTag, Tag
from crmlite.customers.search_rows import index_customers
from crmlite.extensions import database
from crmlite.jobs import Lease, enqueue
from crmlite.work import Actor, operation

KIND = "index-tagged"
BATCH = 500


def have_found(tag_ids: Collection[int]) -> None:
    """Have customers found by what these tags are called now, in the background; belongs inside
    the operation that renames them."""
    if tag_ids:
        enqueue(KIND, {"tags": sorted(tag_ids)})


def have_dimensions_found(dimension_ids: Collection[int]) -> None:
    """The same for all tags of these dimensions."""
    table = Tag.__table__
    wanted = select(table.c.id).where(table.c.dimension_id.in_(dimension_ids))
    have_found(database.session.execute(wanted).scalars().all())


def index_tagged(payload: Mapping[str, Any], *, by: Actor, at: datetime, lease: Lease) -> None:
    """Make the search rows of all who have one of the tags anew, in short batches."""
    last = 0
    while last := _index(payload["tags"], last, by=by, at=at):
        lease.renew()


@operation("customers_indexed", traced=False)
def _index(tag_ids: Collection[int], after: int, *, by: Actor, at: datetime) -> int:
    """One batch; answers the last id that was looked at, 0 when there are no more."""
    links = CustomerTag.__table__
    wanted = (
        select(links.c.customer_id)
        .distinct()
        .where(links.c.tag_id.in_(tag_ids), links.c.customer_id > after)
        .order_by(links.c.customer_id)
        .limit(BATCH)
    )
    ids = list(database.session.execute(wanted).scalars())
    index_customers(ids)
    return ids[-1] if ids else 0
