"""The people at a customer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.following import follow
from crmlite.customers.models import Contact, Customer
from crmlite.customers.operations.confirming import note_learnt
from crmlite.extensions import database
from crmlite.search.pinyin import name_sort
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell


@operation("contact_added")
def add_contact(
    customer_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    learnt_at: datetime | None = None,
) -> int:
    """Add a contact; answers its id. The first one of a customer becomes the primary one. `learnt_at` is
    when somebody learnt of it, where they were asked."""
    others = _others(customer_id)
    contact_id = records.insert(
        Contact,
        {
            **values,
            "name_sort": name_sort(values["name"], person=True),
            "customer_id": customer_id,
            "is_primary": not others or bool(values.get("is_primary")),
        },
    )
    if others and values.get("is_primary"):
        _only_primary(customer_id, contact_id)
    note_learnt(customer_id, "contact", learnt_at, by=by, at=at)
    _changed(customer_id)
    return contact_id


@operation("contact_updated")
def update_contact(
    contact_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    learnt_at: datetime | None = None,
) -> int:
    """Change a contact; answers the id of the operation, 0 when nothing changed. `learnt_at` is when
    somebody learnt of the change, where they were asked.

    The contact that is the person customer themselves carries its name on to the customer.
    Raises Stale, Gone.
    """
    row = _row(contact_id)
    wanted = dict(values)
    if row["is_primary"]:
        wanted.pop("is_primary", None)  # another one takes its place, nobody just leaves it
    changed = records.update(Contact, contact_id, wanted, version=version)
    if not changed:
        return 0
    if "is_primary" in changed:
        _only_primary(row["customer_id"], contact_id)
    if row["is_self"] and "name" in changed:
        records.update(Customer, row["customer_id"], {"name": wanted["name"]})
    note_learnt(row["customer_id"], "contact", learnt_at, by=by, at=at)
    _changed(row["customer_id"])
    return current().id


@operation("contact_made_primary")
def make_primary(contact_id: int, *, by: Actor, at: datetime) -> int:
    """Make a contact the primary one of its customer."""
    row = _row(contact_id)
    records.update(Contact, contact_id, {"is_primary": True})
    _only_primary(row["customer_id"], contact_id)
    _changed(row["customer_id"])
    return current().id


@operation("contact_deleted")
def delete_contact(contact_id: int, *, by: Actor, at: datetime) -> int:
    """Move a contact to the recycle bin; another one becomes primary when it was that.

    Raises Refused (`contact-is-customer`) for the contact that is the person customer themselves.
    """
    row = _row(contact_id)
    if row["is_self"]:
        raise Refused("contact-is-customer")
    records.update(Contact, contact_id, {"state": "deleted", "is_primary": False})
    if row["is_primary"]:
        heirs = _others(row["customer_id"])
        if heirs:
            records.update(Contact, heirs[0], {"is_primary": True})
    _changed(row["customer_id"])
    return current().id


def _changed(customer_id: int) -> None:
    follow([customer_id])
    tell("customer_changed", customer_id=customer_id)


def _only_primary(customer_id: int, contact_id: int) -> None:
    table = Contact.__table__
    found = database.session.execute(
        select(table.c.id).where(
            table.c.customer_id == customer_id,
            table.c.is_primary.is_(True),
            table.c.id != contact_id,
        )
    ).scalars()
    records.update_many(Contact, {other: {"is_primary": False} for other in found})


def _others(customer_id: int) -> list[int]:
    table = Contact.__table__
    return list(
        database.session.execute(
            select(table.c.id)
            .where(table.c.customer_id == customer_id, table.c.state == "active")
            .order_by(table.c.id)
        ).scalars()
    )


def _row(contact_id: int) -> Mapping[str, Any]:
    table = Contact.__table__
    row = (
        database.session.execute(
            select(table.c.customer_id, table.c.is_primary, table.c.is_self).where(
                table.c.id == contact_id
            )
        )
        .mappings()
        .first()
    )
    if row is None:
        raise Gone("contact", contact_id)
    return row
