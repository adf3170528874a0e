"""Contacts that somebody began and has not written down yet."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from crmlite.extensions import database
from crmlite.followups.models import ContactStart
from crmlite.followups.operations.planning import changed
from crmlite.work import Actor, Gone, current, operation, records

TABLE = ContactStart.__table__
SAME = timedelta(minutes=30)  # tapped again within this, it is the same contact
EARLY = timedelta(minutes=10)  # clocks differ a little
LONGEST = timedelta(hours=4)  # a contact written down so long after it began may well be that one


@operation("contact_started")
def start_contact(customer_id: int, kind: str, *, by: Actor, at: datetime) -> dict[str, int]:
    """Note that somebody begins a contact with a customer; answers `{"id", "operation"}`, the
    operation being 0 where it was noted a moment ago."""
    recently = _waiting(customer_id, by.user_id).where(
        TABLE.c.kind == kind, TABLE.c.at > at - SAME, TABLE.c.at <= at
    )
    there = database.session.execute(recently.order_by(TABLE.c.id.desc()).limit(1)).scalar()
    if there is not None:
        return {"id": there, "operation": 0}
    start_id = records.insert(
        ContactStart,
        {
            "user_id": by.user_id,
            "customer_id": customer_id,
            "kind": kind,
            "at": at,
            "state": "active",
            "status": "waiting",
        },
    )
    changed([customer_id])
    return {"id": start_id, "operation": current().id}


@operation("contact_dismissed")
def dismiss_start(start_id: int, *, by: Actor, at: datetime) -> int:
    """Note that a contact did not take place after all; answers the id of the operation, 0 when it was
    written down or dismissed before. Raises Gone."""
    found = select(TABLE.c.customer_id, TABLE.c.status).where(TABLE.c.id == start_id)
    row = database.session.execute(found).first()
    if row is None:
        raise Gone("contact_start", start_id)
    if row.status != "waiting":
        return 0
    records.update(ContactStart, start_id, {"status": "dismissed"})
    changed([row.customer_id])
    return current().id


def settle(
    customer_id: int,
    interaction_id: int,
    *,
    user_ids: Sequence[int | None],
    kind: str,
    occurred_at: datetime,
    named: int | None = None,
) -> None:
    """Note which begun contact was written down by an interaction: the one that is `named`, else the
    one of these people that it can only be. Belongs inside an operation."""
    statement = _waiting(customer_id, None)
    if named is not None:
        statement = statement.where(TABLE.c.id == named)
    else:
        statement = statement.where(
            TABLE.c.user_id.in_([one for one in user_ids if one is not None]),
            TABLE.c.kind == kind,
            TABLE.c.at >= occurred_at - LONGEST,
            TABLE.c.at <= occurred_at + EARLY,
        )
    found = database.session.execute(statement).scalars()
    logged: dict[str, Any] = {"status": "logged", "interaction_id": interaction_id}
    records.update_many(ContactStart, dict.fromkeys(found, logged))


def _waiting(customer_id: int, user_id: int | None) -> Select[Any]:
    statement = select(TABLE.c.id).where(
        TABLE.c.customer_id == customer_id,
        TABLE.c.status == "waiting",
        TABLE.c.state == "active",
    )
    return statement if user_id is None else statement.where(TABLE.c.user_id == user_id)
