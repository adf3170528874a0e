"""Who sees a record of a pack, and who may change it: the one place that decides it.

Whoever sees what it hangs on sees it; whoever may change the customer, or the order or the case that
it hangs on, changes it. What hangs on something in the recycle bin is out of everybody's sight.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select

from crmlite.access import Reader, visible_to
from crmlite.cases.models import Case, CaseFacts
from crmlite.cases.sight import case_ids, seen_cases
from crmlite.customers.models import Contact, Customer
from crmlite.customers.queries import ALSO_ARCHIVED, EVERYDAY
from crmlite.extensions import database
from crmlite.objects.kinds import Kind, kind, known
from crmlite.objects.models import Object
from crmlite.sales.models import Order
from crmlite.sales.sight import may as may_with_orders
from crmlite.sales.sight import seen_orders

Row = Mapping[str, Any]
OBJECTS, CUSTOMERS, CONTACTS = Object.__table__, Customer.__table__, Contact.__table__
ORDERS, CASES, FACTS = Order.__table__, Case.__table__, CaseFacts.__table__
ACTIVE = ("active",)
OF_CUSTOMERS = OBJECTS.join(CUSTOMERS, CUSTOMERS.c.id == OBJECTS.c.customer_id)
SOURCES: Mapping[str, Any] = {
    "customer": OF_CUSTOMERS,
    "contact": OF_CUSTOMERS.join(CONTACTS, CONTACTS.c.id == OBJECTS.c.contact_id),
    "order": OF_CUSTOMERS.join(ORDERS, ORDERS.c.id == OBJECTS.c.order_id),
    "case": OF_CUSTOMERS.join(CASES, CASES.c.id == OBJECTS.c.case_id).join(
        FACTS, FACTS.c.case_id == CASES.c.id
    ),
}
"""Records with what they hang on, by the parent of their kind."""


def seen(
    reader: Reader, statement: Select[Any], parent: str, *, states: Sequence[str] = ACTIVE
) -> Select[Any]:
    """The statement, whose FROMs are the source of a parent, limited to the records in sight."""
    statement = statement.where(OBJECTS.c.state.in_(states))
    match parent:
        case "case":
            return seen_cases(reader, statement)
        case "order":
            return seen_orders(reader, statement)
        case "contact":
            statement = statement.where(CONTACTS.c.state == "active")
    of_customers = ALSO_ARCHIVED if reader.may("customers:see_archived") else EVERYDAY
    return visible_to(reader, statement, states=of_customers)


def beside_a_customer(reader: Reader, customer: Row) -> ColumnElement[bool]:
    """The condition that a record of a customer whom the reader sees is in sight."""
    sees_orders = reader.covers("orders:see", customer["owner_id"])
    cases = select(FACTS.c.case_id).join(CASES, CASES.c.id == FACTS.c.case_id)
    cases = seen_cases(reader, cases.where(CASES.c.customer_id == customer["id"]))
    return and_(
        OBJECTS.c.state == "active",
        or_(OBJECTS.c.contact_id.is_(None), is_there("contact")),
        or_(OBJECTS.c.order_id.is_(None), is_there("order") if sees_orders else false()),
        or_(OBJECTS.c.case_id.is_(None), OBJECTS.c.case_id.in_(cases)),
    )


def is_there(parent: str) -> ColumnElement[bool]:
    """The condition that the contact, order or case of a record is not in the recycle bin."""
    table = {"contact": CONTACTS, "order": ORDERS, "case": CASES}[parent]
    column = OBJECTS.c[f"{parent}_id"]
    there = select(table.c.id).where(table.c.id == column, table.c.state == "active")
    return there.correlate(OBJECTS).exists()


def may_add(reader: Reader, parent: str, on: Row) -> bool:
    """Whether a reader may add a record to something that they see: `on` says of the customer the
    `owner_id` and the `customer_state`, and of a case its `case_id`."""
    match parent:
        case "case":
            wanted = case_ids(reader, "cases:edit").where(FACTS.c.case_id == on["case_id"])
            return database.session.execute(wanted.limit(1)).first() is not None
        case "order":
            return may_with_orders(reader, "orders:edit", on["owner_id"])
    return on["customer_state"] == "active" and reader.covers("customers:edit", on["owner_id"])


def may_edit(reader: Reader, of: Kind, row: Row) -> bool:
    """Whether a reader may change a record that they see."""
    return of.is_on and may_add(reader, of.parent, row)


def beside(reader: Reader, right: str) -> Select[Any]:
    """Selects the ids of records that are reached by their case or order, not over the customer:
    a right of customers stands for that of what they hang on."""
    changes = right == "customers:edit"
    cases = case_ids(reader, "cases:edit" if changes else "cases:see")
    orders = select(ORDERS.c.id).join(CUSTOMERS, CUSTOMERS.c.id == ORDERS.c.customer_id)
    orders = seen_orders(reader, orders, permission="orders:edit" if changes else "orders:see")
    return select(OBJECTS.c.id).where(
        or_(OBJECTS.c.case_id.in_(cases), OBJECTS.c.order_id.in_(orders))
    )


def returnable(reader: Reader, object_id: int, _values: Mapping[str, Any]) -> bool:
    """Whether a reader may put something back of a record: whoever may change it, and while its kind
    is on. Of kinds of customers and contacts the rights are asked for anyhow."""
    if all(of.is_on and of.parent in ("customer", "contact") for of in known().by_id.values()):
        return True
    wanted = (
        select(OBJECTS, CUSTOMERS.c.owner_id, CUSTOMERS.c.state.label("customer_state"))
        .select_from(OF_CUSTOMERS)
        .where(OBJECTS.c.id == object_id)
    )
    row = database.session.execute(wanted).mappings().first()
    return row is not None and may_edit(reader, kind(row["type_id"]), row)
