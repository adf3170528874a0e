"""Customers with what hangs on them, some hundreds at a time, however many there are.

First all ids are read, in order: each customer comes once, whatever is changed meanwhile. Then every
piece is read by itself, so that no reader holds the database for long, and as it is by then: who is
gone or out of sight meanwhile is left out.
"""

from array import array
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select

from crmlite.access import visible_to
from crmlite.cases.models import Case
from crmlite.customers.conditions.asked_fields import asked
from crmlite.customers.lists import ids_in_order
from crmlite.customers.models import Alias, Contact, Customer, Facts, Need, Remark
from crmlite.customers.queries import tags_of
from crmlite.exports import order_book
from crmlite.exports.wanted import EXPORT, Wanted
from crmlite.extensions import database
from crmlite.followups.models import Interaction, Task
from crmlite.objects.models import Object
from crmlite.sales.models import Order

Row = Mapping[str, Any]
PIECE = 500
CUSTOMER, FACTS = Customer.__table__, Facts.__table__
OBJECTS, CONTACT = Object.__table__, Contact.__table__
ORDER, CASE = Order.__table__, Case.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """A customer with its facts, as it is stored, and what was asked for of what hangs on it."""

    row: Row
    contacts: Sequence[Row] = ()
    needs: Sequence[Row] = ()
    remarks: Sequence[Row] = ()
    tags: Sequence[int] = ()
    numbers: Sequence[Row] = ()
    talk: Row | None = None
    talks: Sequence[Row] = ()
    steps: Sequence[Row] = ()
    orders: Sequence[order_book.Whole] = ()
    objects: Sequence[Row] = ()


def ids_of(wanted: Wanted, today: date) -> Sequence[int]:
    """The ids of the customers that are wanted, in order."""
    found = ids_in_order(wanted.asked, wanted.reader, today, EXPORT, wanted.states)
    ids = array("q", found)
    database.session.close()
    return ids


def pieces(ids: Sequence[int], wanted: Wanted, reads: Collection[str]) -> Iterator[list[Whole]]:
    """The customers in pieces; `reads` names what is wanted of what hangs on them."""
    for start in range(0, len(ids), PIECE):
        yield _piece(list(ids[start : start + PIECE]), wanted, reads)


def _piece(ids: list[int], wanted: Wanted, reads: Collection[str]) -> list[Whole]:
    statement = (
        select(CUSTOMER, *(c for c in FACTS.c if c.name != "customer_id"), *_answered(wanted))
        .select_from(CUSTOMER.join(FACTS, FACTS.c.customer_id == CUSTOMER.c.id))
        .where(CUSTOMER.c.id.in_(ids))
    )
    seen = visible_to(wanted.reader, statement, states=wanted.states, permission=EXPORT, by_id=True)
    rows = {row["id"]: row for row in database.session.execute(seen).mappings()}
    there = [customer_id for customer_id in ids if customer_id in rows]
    beside = {name: READS[name](there) for name in reads}
    database.session.close()
    return [
        Whole(row=rows[one], **{name: found[one] for name, found in beside.items() if one in found})
        for one in there
    ]


def _answered(wanted: Wanted) -> Iterator[Any]:
    """What other slices answer of what stands in the columns of the list."""
    if wanted.layout == "list":
        for name, one in asked().items():
            if name in wanted.asked.columns:
                yield one.value.label(name)


def _contacts(ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Contact.__table__
    return _hanging(table, ids, table.c.is_primary.desc(), table.c.name_sort, table.c.id)


def _needs(ids: Sequence[int]) -> dict[int, list[Row]]:
    """Open ones first, the newest first."""
    table = Need.__table__
    closed = table.c.status.in_(("landed", "dropped"))
    return _hanging(table, ids, closed, table.c.id.desc())


def _remarks(ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Remark.__table__
    return _hanging(table, ids, table.c.id)


def _talks(ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Interaction.__table__
    return _hanging(table, ids, table.c.occurred_at, table.c.id)


def _steps(ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Task.__table__
    return _hanging(table, ids, table.c.due_on, table.c.id)


def _objects(ids: Sequence[int]) -> dict[int, list[Row]]:
    """Records of packs, whose contact, order or case is there, with what that is called."""
    source = OBJECTS.outerjoin(CONTACT, CONTACT.c.id == OBJECTS.c.contact_id)
    source = source.outerjoin(ORDER, ORDER.c.id == OBJECTS.c.order_id)
    source = source.outerjoin(CASE, CASE.c.id == OBJECTS.c.case_id)
    parents = (
        (CONTACT, OBJECTS.c.contact_id),
        (ORDER, OBJECTS.c.order_id),
        (CASE, OBJECTS.c.case_id),
    )
    names = func.coalesce(CONTACT.c.name, ORDER.c.number, CASE.c.number).label("parent_name")
    wanted = (
        select(OBJECTS, names)
        .select_from(source)
        .where(
            OBJECTS.c.customer_id.in_(ids),
            OBJECTS.c.state == "active",
            *(or_(column.is_(None), table.c.state == "active") for table, column in parents),
        )
    )
    return _by_customer(wanted.order_by(OBJECTS.c.type_id, OBJECTS.c.day, OBJECTS.c.id))


def _hanging(table: Any, ids: Sequence[int], *order: Any) -> dict[int, list[Row]]:
    wanted = select(table).where(table.c.customer_id.in_(ids), table.c.state == "active")
    return _by_customer(wanted.order_by(*order))


def _numbers(ids: Sequence[int]) -> dict[int, list[Row]]:
    table = Alias.__table__
    return _by_customer(select(table).where(table.c.customer_id.in_(ids)).order_by(table.c.id))


def _by_customer(statement: Any) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = {}
    for row in database.session.execute(statement).mappings():
        found.setdefault(row["customer_id"], []).append(row)
    return found


def _last_talk(ids: Sequence[int]) -> dict[int, Row]:
    """The newest contact in which the customer took part, as the facts have it."""
    table = Interaction.__table__
    place = func.row_number().over(
        partition_by=table.c.customer_id, order_by=(table.c.occurred_at.desc(), table.c.id.desc())
    )
    counted = (
        select(table, place.label("place"))
        .where(table.c.customer_id.in_(ids), table.c.state == "active", table.c.answered.is_(True))
        .subquery()
    )
    newest = select(counted).where(counted.c.place == 1)
    return {row["customer_id"]: row for row in database.session.execute(newest).mappings()}


READS = {
    "contacts": _contacts,
    "needs": _needs,
    "remarks": _remarks,
    "tags": tags_of,
    "numbers": _numbers,
    "talk": _last_talk,
    "talks": _talks,
    "steps": _steps,
    "orders": order_book.of_customers,
    "objects": _objects,
}
