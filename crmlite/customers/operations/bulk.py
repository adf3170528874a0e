"""One change to many customers, in short batches that let others write in between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import Customer, CustomerTag
from crmlite.customers.operations.adding import refuse_shown_tier
from crmlite.customers.operations.tags import (
    automatic_tags,
    refuse_automatic,
    replace_tags,
    rivals_of,
)
from crmlite.extensions import database
from crmlite.rules.lifecycle import ARCHIVED, DORMANT, LOST
from crmlite.work import Actor, operation, records, tell
from crmlite.work.batches import Outcome, batch_done, in_batches


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkChange:
    """What is done to each: columns to set, tags to add and to take away."""

    values: Mapping[str, Any] = field(default_factory=dict)
    add_tags: frozenset[int] = frozenset()
    remove_tags: frozenset[int] = frozenset()


def change_many(
    customer_ids: Sequence[int],
    change: BulkChange,
    *,
    by: Actor,
    at: datetime,
    form_key: str | None = None,
) -> Outcome:
    """Change many customers in short batches. Those that are not in use by now are left as they are,
    and so are those that are neither dormant nor lost where it archives. Raises Hindered while nothing
    changed, and Refused (`tier-shows-dormancy`, `tag-automatic`)."""

    def batch(ids: Sequence[int], **more: Any) -> dict[str, int]:
        return _change_batch(ids, change, **more)

    return in_batches(customer_ids, batch, by=by, at=at, form_key=form_key)


@operation("customers_changed")
def _change_batch(
    customer_ids: Sequence[int], change: BulkChange, *, by: Actor, at: datetime
) -> dict[str, int]:
    changed: set[int] = set()
    fitting = _fitting(customer_ids, change)
    if change.values:
        refuse_shown_tier(change.values)
        wanted = dict.fromkeys(fitting, change.values)
        changed |= set(records.update_many(Customer, wanted))
        follow(changed, names=False, facts=False)
    if change.add_tags or change.remove_tags:
        automatic = automatic_tags()
        refuse_automatic(change.add_tags, automatic)
        refuse_automatic(change.remove_tags - rivals_of(change.add_tags), automatic)
        changed |= set(replace_tags(_tags_after(fitting, change), at))
    for customer_id in sorted(changed):
        tell("customer_changed", customer_id=customer_id)
    return batch_done(len(changed), len(customer_ids) - len(fitting))


def _fitting(customer_ids: Sequence[int], change: BulkChange) -> list[int]:
    """Those that can be changed so by now: in use, and to be archived dormant or lost."""
    table = Customer.__table__
    wanted = select(table.c.id, table.c.state, table.c.lifecycle).where(
        table.c.id.in_(customer_ids)
    )
    found = {row.id: row for row in database.session.execute(wanted)}
    archives = change.values.get("state") == ARCHIVED
    return [
        one
        for one in customer_ids
        if one in found
        and found[one].state == "active"
        and (found[one].lifecycle in (DORMANT, LOST) or not archives)
    ]


def _tags_after(customer_ids: Sequence[int], change: BulkChange) -> dict[int, set[int]]:
    links = CustomerTag.__table__
    wanted: dict[int, set[int]] = {customer_id: set() for customer_id in customer_ids}
    found = database.session.execute(
        select(links.c.customer_id, links.c.tag_id).where(links.c.customer_id.in_(customer_ids))
    )
    for customer_id, tag_id in found:
        wanted[customer_id].add(tag_id)
    return {
        customer_id: (tags - change.remove_tags) | change.add_tags
        for customer_id, tags in wanted.items()
    }
