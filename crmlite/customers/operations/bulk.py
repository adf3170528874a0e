"""One change to many customers, in short batches that let others write in between."""

import hashlib
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
from crmlite.work import Actor, Hindered, current, operation, records, tell

BATCH = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkChange:
    """What is done to each: columns to set, tags to add and to take away."""

    values: Mapping[str, Any] = field(default_factory=dict)
    add_tags: frozenset[int] = frozenset()
    remove_tags: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Changed:
    """How a change to many went: how many really changed, and the operation that undoes it all,
    0 when none did. `hindered` says why it was cut short: `busy`, `full`, or empty."""

    operation: int
    number: int
    hindered: str = ""


def change_many(
    customer_ids: Sequence[int],
    change: BulkChange,
    *,
    by: Actor,
    at: datetime,
    form_key: str | None = None,
) -> Changed:
    """Change many customers, as far as it goes.

    Later batches are parts of the first, so that one undo takes everything back. A batch whose
    customers and key were sent before is not done again. Raises Hindered while nothing changed, and
    Refused (`tier-shows-dormancy`, `tag-automatic`).
    """
    first, number = 0, 0
    for ids in records.chunks(customer_ids, BATCH):
        try:
            done = _change_batch(
                ids,
                change,
                by=by,
                at=at,
                form_key=f"{form_key}.{_digest(ids)}" if form_key else None,
                part_of=first or None,
            )
        except Hindered as hindered:
            if not first:
                raise
            return Changed(first, number, hindered.code)
        first = first or done["operation"]
        number += done["changed"]
    return Changed(first, number)


def _digest(ids: Sequence[int]) -> str:
    """What tells batches apart: sent again, a list may hold others in its first batch."""
    return hashlib.sha256(repr(ids).encode()).hexdigest()[:20]


@operation("customers_changed")
def _change_batch(
    customer_ids: Sequence[int], change: BulkChange, *, by: Actor, at: datetime
) -> dict[str, int]:
    changed: set[int] = set()
    if change.values:
        refuse_shown_tier(change.values)
        wanted = dict.fromkeys(customer_ids, change.values)
        changed |= set(records.update_many(Customer, wanted))
        follow(changed, names=False, facts=False)
    if change.add_tags or change.remove_tags:
        automatic = automatic_tags()
        refuse_automatic(change.add_tags, automatic)
        refuse_automatic(change.remove_tags - rivals_of(change.add_tags), automatic)
        changed |= set(replace_tags(_tags_after(customer_ids, change), at))
    for customer_id in sorted(changed):
        tell("customer_changed", customer_id=customer_id)
    return {"operation": current().id if changed else 0, "changed": len(changed)}


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
