"""Adding, changing, archiving and deleting customers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.customers.drafts import CustomerDraft
from crmlite.customers.following import follow, refresh_all
from crmlite.customers.models import Contact, Customer
from crmlite.customers.operations.adding import add_customers, refuse_shown_tier
from crmlite.customers.operations.confirming import note_learnt
from crmlite.db.guarded_json import EXTRA, PREFIX
from crmlite.extensions import database
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell
from crmlite.work.currencies import amounts_in
from crmlite.work.record_types import record_types


@operation("customer_created")
def create_customer(draft: CustomerDraft, *, by: Actor, at: datetime) -> dict[str, Any]:
    """Add a customer with its contacts, needs, remarks and tags; answers `{"id", "number"}`.

    Raises Refused when the draft's own number is in use (`number-taken`) or cannot be one, and for
    a tier that nobody sets (`tier-shows-dormancy`).
    """
    (added,) = add_customers([draft], by=by, at=at)
    tell("customer_created", customer_id=added.id)
    return {"id": added.id, "number": added.values["number"]}


@operation("customer_updated")
def update_customer(
    customer_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
    learnt_at: datetime | None = None,
) -> int:
    """Change fields of a customer; answers the id of the operation, 0 when nothing changed. `learnt_at`
    is when somebody learnt of another status, where they were asked.

    `extra` may hold some of the pack fields: the others stay. What was inferred so far and is
    among the values is confirmed by this, also as it is. Amounts that are not among them stay the
    same figures in another currency. Raises Stale, Gone, Refused (`tier-shows-dormancy`).
    """
    wanted = dict(values)
    if "currency" in values:
        wanted |= _in_currency(_row(customer_id), values)
    if inferred := _inferred(customer_id):
        told = {*values, *values.get("extra", ())}
        wanted["inferred"] = [name for name in inferred if name not in told] or None
    changed = records.update(Customer, customer_id, wanted, version=version)
    if not changed.keys() - {"inferred"}:
        return 0
    if "tier" in changed:
        refuse_shown_tier(wanted)
    if "name" in changed:
        _rename_self(customer_id, str(wanted["name"]))
    if "status" in changed:
        note_learnt(customer_id, "status", learnt_at, by=by, at=at)
    follow([customer_id], names="name" in changed, facts=False)
    tell("customer_changed", customer_id=customer_id)
    return current().id


def _in_currency(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The amounts beside a new currency, and what is given of further fields."""
    further = values.get(EXTRA) or {}
    given = {*values, *(PREFIX + key for key in further)}
    amounts = amounts_in(record_types()["customer"], row, values["currency"], given)
    return {**amounts, EXTRA: {**amounts[EXTRA], **further}} if EXTRA in amounts else amounts


def _rename_self(customer_id: int, name: str) -> None:
    """Carry the new name of a person on to the contact that is the person themselves."""
    table = Contact.__table__
    found = database.session.execute(
        select(table.c.id).where(
            table.c.customer_id == customer_id,
            table.c.is_self.is_(True),
            table.c.state == "active",
        )
    ).scalars()
    records.update_many(Contact, {contact_id: {"name": name} for contact_id in found})


def _inferred(customer_id: int) -> list[str] | None:
    """The names of what was inferred about a customer."""
    table = Customer.__table__
    wanted = select(table.c.inferred).where(table.c.id == customer_id)
    return database.session.execute(wanted).scalar()


@operation("customer_archived")
def archive_customer(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Put a dormant or lost customer out of everyday sight. Raises Refused (`archive-active`)."""
    row = _row(customer_id)
    if row["lifecycle"] not in ("dormant", "lost"):
        raise Refused("archive-active")
    return _change_state(customer_id, "archived")


@operation("customer_deleted")
def delete_customer(
    customer_id: int, *, by: Actor, at: datetime, version: int | None = None
) -> int:
    """Move a customer, with all that hangs on it, to the recycle bin. Raises Stale, Gone."""
    return _change_state(customer_id, "deleted", version)


@operation("customer_revived")
def revive_customer(customer_id: int, *, by: Actor, at: datetime) -> int:
    """Bring an archived or deleted customer back; everything that hung on it is there again."""
    return _change_state(customer_id, "active")


def _change_state(customer_id: int, state: str, version: int | None = None) -> int:
    changed = records.update(Customer, customer_id, {"state": state}, version=version)
    if not changed:
        return 0
    refresh_all([customer_id])
    return current().id


def _row(customer_id: int) -> Mapping[str, Any]:
    table = Customer.__table__
    row = (
        database.session.execute(select(table).where(table.c.id == customer_id)).mappings().first()
    )
    if row is None:
        raise Gone("customer", customer_id)
    return row
