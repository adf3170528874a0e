"""The kind, the record and what it hangs on that an address names."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for
from sqlalchemy import select

from crmlite.access import Reader, current_reader
from crmlite.cases.queries import cases
from crmlite.customers import queries as customers
from crmlite.extensions import database
from crmlite.objects import queries
from crmlite.objects.kinds import Kind, kind_called
from crmlite.objects.record import ObjectRecord, tab_url
from crmlite.objects.sight import CONTACTS, may_add
from crmlite.rules.text import clean_int
from crmlite.sales.queries import orders

Row = Mapping[str, Any]
MOST = 2**31 - 1


@dataclass(frozen=True, kw_only=True, slots=True)
class Home:
    """What a new record is to hang on: whose customer it is, the id of the contact, order or case, and
    where the record will be seen."""

    customer_id: int
    owner_id: int | None
    called: str
    url: str
    parent_id: int | None = None


def found_kind(name: str) -> Kind:
    """A kind; 404 for none."""
    of = kind_called(name)
    if of is None:
        abort(404)
    return of


def found(object_id: int) -> ObjectRecord:
    """The record, for the reader; 404 out of sight."""
    reader = current_reader()
    return ObjectRecord(*queries.record(object_id, seen_by=reader), reader)


def to_change(object_id: int) -> ObjectRecord:
    """The same; 403 where the reader may not change it."""
    record = found(object_id)
    if not record.editable:
        abort(403)
    return record


def home_of(of: Kind) -> Home:
    """What a new record hangs on, by the address: `?customer=C001`, for a kind of contacts perhaps
    with `&contact=17`, `?order=SO0001`, `?case=K0001`. 404 out of sight, 403 where the reader may not
    add to it, or the kind is off."""
    reader = current_reader()
    made = {"order": _of_order, "case": _of_case}.get(of.parent, _of_customer)
    home, on = made(of, reader)
    if not of.is_on or not may_add(reader, of.parent, on):
        abort(403)
    return home


def _of_customer(of: Kind, reader: Reader) -> tuple[Home, Row]:
    row = customers.customer(request.args.get("customer", ""), seen_by=reader)
    home = Home(
        customer_id=row["id"],
        owner_id=row["owner_id"],
        called=row["name"],
        url=tab_url(row["number"], of),
        parent_id=_contact(row["id"]) if of.parent == "contact" else None,
    )
    return home, {"owner_id": row["owner_id"], "customer_state": row["state"]}


def _contact(customer_id: int) -> int | None:
    """The contact that the address names, if it is one of the customer's."""
    contact_id = clean_int(request.args.get("contact", ""), least=1, most=MOST).value
    wanted = select(CONTACTS.c.id).where(
        CONTACTS.c.id == (contact_id or 0), CONTACTS.c.customer_id == customer_id
    )
    return database.session.execute(wanted).scalar()


def _of_order(of: Kind, reader: Reader) -> tuple[Home, Row]:
    row = orders.order(request.args.get("order", ""), seen_by=reader)
    return _hanging(row, url_for("sales.show", number=row["number"]), row["number"])


def _of_case(of: Kind, reader: Reader) -> tuple[Home, Row]:
    row = cases.case(request.args.get("case", ""), seen_by=reader)
    return _hanging(row, url_for("cases.show", number=row["number"]), row["subject"])


def _hanging(row: Row, url: str, called: str) -> tuple[Home, Row]:
    home = Home(
        customer_id=row["customer_id"],
        owner_id=row["customer_owner_id"],
        called=called,
        url=url,
        parent_id=row["id"],
    )
    on = {
        "owner_id": row["customer_owner_id"],
        "customer_state": row["customer_state"],
        "case_id": row["id"],
    }
    return home, on
