"""Adding records of packs, changing them, and moving them to the recycle bin."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from crmlite.cases.models import Case
from crmlite.customers.models import Contact, Customer
from crmlite.extensions import database
from crmlite.followups.deadlines import firm_zone
from crmlite.objects.facts import follow
from crmlite.objects.kinds import Kind, kind
from crmlite.objects.models import Object
from crmlite.sales.models import Order
from crmlite.work import Actor, Gone, Refused, current, operation, records, tell

Row = Mapping[str, Any]
OBJECTS = Object.__table__
PARENTS = {"contact": Contact.__table__, "order": Order.__table__, "case": Case.__table__}
OPEN = ("active", "archived")


@dataclass(frozen=True, kw_only=True, slots=True)
class ObjectDraft:
    """A record to be added. `extra` are the values of its fields as they are kept, not sealed yet;
    `parent_id` is the contact, order or case that it hangs on, for a kind with such a parent."""

    type_id: int
    customer_id: int
    extra: Mapping[str, Any]
    parent_id: int | None = None


@operation("object_added")
def add_object(draft: ObjectDraft, *, by: Actor, at: datetime) -> dict[str, int]:
    """Add a record; answers `{"id", "operation"}`.

    Raises Gone for what it hangs on; Refused (`kind-off`) where its pack is off.
    """
    _refuse_gone(draft)
    [object_id] = _insert([draft], at)
    return {"id": object_id, "operation": _settled([draft.customer_id])}


def add_objects(drafts: Sequence[ObjectDraft], at: datetime) -> list[int]:
    """Add many records of one kind inside an operation that has looked at what they hang on; answers
    their ids. Raises Refused (`kind-off`)."""
    ids = _insert(drafts, at)
    follow(draft.customer_id for draft in drafts)
    return ids


@operation("object_updated")
def update_object(
    object_id: int,
    extra: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    contact_id: int | None = None,
    version: int | None = None,
) -> int:
    """Change a record: fields that are given, None empties one; and whose it is among the contacts of
    its customer. Answers the operation's id, 0 when nothing changed. Raises Gone, Stale, Refused
    (`kind-off`)."""
    row = _load(object_id)
    of = _open_kind(row["type_id"])
    values: dict[str, Any] = {"extra": extra}
    if contact_id is not None and of.parent == "contact":
        _refuse_parent("contact", contact_id, row["customer_id"])
        values["contact_id"] = contact_id
    whole = {**(row["extra"] or {}), **extra}
    changed = records.update(Object, object_id, values | of.derived(whole), version=version)
    return _settled([row["customer_id"]]) if changed else 0


@operation("object_deleted")
def delete_object(object_id: int, *, by: Actor, at: datetime) -> int:
    """Move a record to the recycle bin; answers the operation's id. Raises Gone, Refused
    (`kind-off`)."""
    row = _load(object_id)
    _open_kind(row["type_id"])
    records.update(Object, object_id, {"state": "deleted"})
    return _settled([row["customer_id"]])


def _insert(drafts: Sequence[ObjectDraft], at: datetime) -> list[int]:
    today = at.astimezone(firm_zone()).date()
    rows = []
    for draft in drafts:
        of = _open_kind(draft.type_id)
        row = {
            "type_id": of.id,
            "customer_id": draft.customer_id,
            "state": "active",
            "extra": {name: value for name, value in draft.extra.items() if value is not None},
            "day": today,
            **of.derived(draft.extra),
        }
        if of.parent in PARENTS:
            row[f"{of.parent}_id"] = draft.parent_id
        rows.append(row)
    return records.insert_many(Object, rows)


def _settled(customer_ids: Sequence[int]) -> int:
    """Have everything follow that follows from a change; answers the operation's id."""
    follow(customer_ids)
    for customer_id in customer_ids:
        tell("customer_changed", customer_id=customer_id)
    return current().id


def _open_kind(type_id: int) -> Kind:
    of = kind(type_id)
    if not of.is_on:
        raise Refused("kind-off")
    return of


def _refuse_gone(draft: ObjectDraft) -> None:
    customers = Customer.__table__
    there = select(customers.c.id).where(
        customers.c.id == draft.customer_id, customers.c.state.in_(OPEN)
    )
    if database.session.execute(there).first() is None:
        raise Gone("customer", draft.customer_id)
    parent = kind(draft.type_id).parent
    if parent in PARENTS:
        _refuse_parent(parent, draft.parent_id or 0, draft.customer_id)


def _refuse_parent(parent: str, parent_id: int, customer_id: int) -> None:
    """Raises Gone where there is no such contact, order or case of the customer."""
    table = PARENTS[parent]
    there = select(table.c.id).where(
        table.c.id == parent_id, table.c.customer_id == customer_id, table.c.state == "active"
    )
    if database.session.execute(there).first() is None:
        raise Gone(parent, parent_id)


def _load(object_id: int) -> Row:
    """A record that is there; nobody else changes it until the operation's end. Raises Gone."""
    wanted = select(OBJECTS).where(OBJECTS.c.id == object_id, OBJECTS.c.state == "active")
    if database.engine.dialect.name == "postgresql":
        wanted = wanted.with_for_update()
    row = database.session.execute(wanted).mappings().first()
    if row is None:
        raise Gone("object", object_id)
    return row
