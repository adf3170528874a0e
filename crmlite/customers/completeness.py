"""Which fields a customer must have, and which are still missing."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from crmlite import settings
from crmlite.access.sensitive import columns
from crmlite.customers.fields import column_of, list_fields, pack_fields
from crmlite.customers.logic import is_true_of
from crmlite.customers.models import Contact, Customer, Facts
from crmlite.extensions import database
from crmlite.rules.conditions import ALWAYS as ALWAYS_TRUE
from crmlite.rules.conditions import fields_used
from crmlite.rules.fields import Field

WAYS = ("mobile", "phone", "email", "im")
ALWAYS = ("name", "kind")
KINDS = ("company", "person")


def required(kind: str) -> tuple[str, ...]:
    """What the firm requires of a company or a person: columns, `contact`, `reach`, `mobile`."""
    return (*ALWAYS, *settings.get(f"required_{kind}"))


def missing(customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> list[str]:
    """What is required and not there, by name: `industry`, `contact`, `reach` (a way to reach
    them), `mobile`, `pack__field`."""
    lacking = [name for name in required(customer["kind"]) if not _has(name, customer, contacts)]
    extra = customer.get("extra") or {}
    return lacking + [
        field.name
        for field in demanding_fields()
        if field.only_for in ("", customer["kind"])
        and extra.get(field.name) in (None, "", [])
        and is_true_of(field.required_when, customer)
    ]


def always_demanded(kind: str) -> list[str]:
    """The names of the further fields that are required of every company, or every person."""
    return [
        field.name
        for field in demanding_fields()
        if field.only_for in ("", kind) and field.required_when == ALWAYS_TRUE
    ]


def demanding_fields() -> list[Field]:
    """The further fields that are required of some customers. A condition that asks about what is not
    there, since its pack is off, demands nothing."""
    demanding = [field for field in pack_fields() if field.required_when is not None]
    known = list_fields() if demanding else {}
    return [field for field in demanding if fields_used(field.required_when) <= known.keys()]


def is_incomplete(customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> bool:
    """Whether anything required is missing."""
    return bool(missing(customer, contacts))


def refresh_completeness(customer_ids: Sequence[int]) -> None:
    """Write in the facts which of these customers lack something required, by what is there now."""
    customers, contacts, facts = Customer.__table__, Contact.__table__, Facts.__table__
    session = database.session
    named = {name for kind in KINDS for name in required(kind)} | {"id"} | _asked_by_packs()
    people: dict[int, list[Mapping[str, Any]]] = {customer_id: [] for customer_id in customer_ids}
    ways = columns(Contact.mobile, Contact.phone, Contact.email, Contact.im)
    for contact in session.execute(
        select(contacts.c.customer_id, *ways).where(
            contacts.c.customer_id.in_(customer_ids), contacts.c.state == "active"
        )
    ).mappings():
        people[contact["customer_id"]].append(contact)
    lacking: dict[bool, list[int]] = {True: [], False: []}
    for customer in session.execute(
        select(*(column for column in customers.c if column.name in named)).where(
            customers.c.id.in_(customer_ids)
        )
    ).mappings():
        lacking[is_incomplete(customer, people[customer["id"]])].append(customer["id"])
    # Also where nothing changes: of two people who fill in a part each, PostgreSQL lets the slower
    # one look again only when both have written the same row.
    for value, ids in lacking.items():
        if ids:
            session.execute(
                update(facts).where(facts.c.customer_id.in_(ids)).values(incomplete=value)
            )


def _asked_by_packs() -> set[str]:
    """The columns that tell whether a field of a pack is required, and whether it is there."""
    trees = [field.required_when for field in demanding_fields()]
    asked = {column_of(name) for tree in trees for name in fields_used(tree)}
    return {"extra", *asked} if trees else set()


def _has(name: str, customer: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> bool:
    match name:
        case "contact":
            return bool(contacts)
        case "reach":
            return any(contact.get(way) for contact in contacts for way in WAYS)
        case "mobile":
            return any(contact.get("mobile") for contact in contacts)
    return customer.get(name) not in (None, "")
