"""Accepting and declining proposals, in short batches that one undo takes back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.tiers.models import TierPin, TierProposal
from crmlite.tiers.queries import holds
from crmlite.tiers.schemes import tiers
from crmlite.work import Actor, operation, records, tell
from crmlite.work.batches import Outcome, batch_done, in_batches

PROPOSALS, PINS, CUSTOMERS = TierProposal.__table__, TierPin.__table__, Customer.__table__
OPEN, ACCEPTED, DECLINED, OVERTAKEN = "open", "accepted", "declined", "overtaken"


def accept(
    proposal_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Give customers the tiers that were proposed. One whose tier was changed since, and one that is
    pinned, is left as it is."""
    return in_batches(proposal_ids, _accept, by=by, at=at, form_key=form_key)


def decline(
    proposal_ids: Sequence[int], *, by: Actor, at: datetime, form_key: str | None = None
) -> Outcome:
    """Leave customers as they are."""
    return in_batches(proposal_ids, _decline, by=by, at=at, form_key=form_key)


@operation("tiers_accepted")
def _accept(proposal_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    fitting, overtaken, pinned = {}, [], 0
    known = {choice.key for choice in tiers()}
    for row in _open(proposal_ids):
        if row.pin_id is not None:
            pinned += 1
        elif row.tier != row.before or row.state != "active" or row.after not in known:
            overtaken.append(row.id)
        else:
            fitting[row.customer_id] = row
    changed = records.update_many(
        Customer, {customer_id: {"tier": row.after} for customer_id, row in fitting.items()}
    )
    states = {row.id: {"state": ACCEPTED} for row in fitting.values()}
    states |= {proposal_id: {"state": OVERTAKEN} for proposal_id in overtaken}
    records.update_many(TierProposal, states)
    follow(changed, names=False, facts=False)
    for customer_id in sorted(changed):
        tell("customer_changed", customer_id=customer_id)
    return batch_done(len(changed), len(overtaken) + pinned, noted=bool(states))


@operation("tiers_declined")
def _decline(proposal_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    ids = [row.id for row in _open(proposal_ids)]
    records.update_many(TierProposal, {key: {"state": DECLINED} for key in ids})
    return batch_done(len(ids))


def _open(proposal_ids: Sequence[int]) -> Sequence[Any]:
    statement = (
        select(
            PROPOSALS.c.id,
            PROPOSALS.c.customer_id,
            PROPOSALS.c.before,
            PROPOSALS.c.after,
            CUSTOMERS.c.tier,
            CUSTOMERS.c.state,
            PINS.c.id.label("pin_id"),
        )
        .join(CUSTOMERS, CUSTOMERS.c.id == PROPOSALS.c.customer_id)
        .outerjoin(PINS, holds())
        .where(PROPOSALS.c.id.in_(proposal_ids), PROPOSALS.c.state == OPEN)
    )
    return database.session.execute(statement).all()
