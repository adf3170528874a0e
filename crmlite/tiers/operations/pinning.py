"""Tiers that stay as somebody has set them, with the reason."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import Customer
from crmlite.customers.operations.adding import refuse_shown_tier
from crmlite.extensions import database
from crmlite.tiers.models import TierPin
from crmlite.work import Actor, current, operation, records, tell

PINS, CUSTOMERS = TierPin.__table__, Customer.__table__


@operation("tier_pinned")
def pin_tier(customer_id: int, tier: str, reason: str, *, by: Actor, at: datetime) -> int:
    """Give a customer a tier that no proposal changes; answers the id of the operation. Raises Gone,
    Refused (`tier-shows-dormancy`)."""
    refuse_shown_tier({"tier": tier})
    values = {"tier": tier, "reason": reason, "pinned_by_id": by.user_id, "pinned_at": at}
    found = _pin_id(customer_id)
    if found is None:
        records.insert(TierPin, {"customer_id": customer_id, **values})
    else:
        records.update(TierPin, found, values)
    if records.update(Customer, customer_id, {"tier": tier}):
        follow([customer_id], names=False, facts=False)
    tell("customer_changed", customer_id=customer_id)
    return current().id


@operation("tier_unpinned")
def unpin_tier(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Let proposals change a customer's tier again; answers the id of the operation, 0 where it was not
    pinned."""
    found = _pin_id(customer_id)
    if found is None:
        return 0
    records.delete(TierPin, found)
    tell("customer_changed", customer_id=customer_id)
    return current().id


def let_go(customer_ids: Sequence[int]) -> None:
    """Take the pins away from customers that were given other tiers than those that were pinned. Belongs
    inside the operation that gives them these: nothing brings a pin back but taking that back."""
    for ids in records.chunks(customer_ids):
        joined = PINS.join(CUSTOMERS, CUSTOMERS.c.id == PINS.c.customer_id)
        other = PINS.c.tier.is_distinct_from(CUSTOMERS.c.tier)
        wanted = select(PINS.c.id).select_from(joined).where(CUSTOMERS.c.id.in_(ids), other)
        records.delete_many(TierPin, database.session.execute(wanted).scalars())


def _pin_id(customer_id: int) -> int | None:
    wanted = select(PINS.c.id).where(PINS.c.customer_id == customer_id)
    return database.session.execute(wanted).scalar()
