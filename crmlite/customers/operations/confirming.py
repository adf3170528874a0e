"""Confirming what is known of a customer, and noting when somebody learnt of a change."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from crmlite.customers.confirming.lapsing import confirmations, have_asked, unconfirmed
from crmlite.customers.models import Confirmation, Learnt
from crmlite.extensions import database
from crmlite.rules.freshness import Item
from crmlite.work import Actor, current, operation, records, tell


@operation("customer_confirmed")
def confirm(
    customer_id: int, items: Sequence[Item] | None = None, *, by: Actor, at: datetime
) -> int:
    """Confirm some of what is unconfirmed about a customer, or all of it; answers the id of the operation,
    0 when there was nothing. What is of another version by now than its item says stays unconfirmed."""
    wanted = unconfirmed([customer_id], at)[customer_id]
    if items is not None:
        seen = {item: item.version for item in items}
        wanted = [item for item in wanted if seen.get(item) in (0, item.version)]
    if not wanted:
        return 0
    known = confirmations([customer_id])
    values = {"confirmed_at": at, "confirmed_by_id": by.user_id}
    records.update_many(
        Confirmation, {known[item]["id"]: values for item in wanted if item in known}
    )
    records.insert_many(
        Confirmation,
        [
            {
                "customer_id": customer_id,
                "record": item.record,
                "record_id": item.record_id,
                "part": item.part,
                **values,
            }
            for item in wanted
            if item not in known
        ],
    )
    have_asked([customer_id])
    tell("customer_changed", customer_id=customer_id)
    return current().id


def note_learnt(
    customer_id: int, what: str, learnt_at: datetime | None, *, by: Actor, at: datetime
) -> None:
    """Note when somebody learnt of what they enter now; nothing where nobody was asked. Belongs inside
    the operation that enters it."""
    if learnt_at is None or by.user_id is None:
        return
    row = {
        "customer_id": customer_id,
        "what": what,
        "user_id": by.user_id,
        "learnt_at": min(learnt_at, at),
        "entered_at": at,
    }
    database.session.execute(insert(Learnt.__table__), [row])
