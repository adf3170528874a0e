"""Orders with what hangs on them, some hundreds at a time, however many there are; as `book` reads
customers."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.exports.wanted import EXPORT
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine, Product
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries.orders import Wanted
from crmlite.sales.sight import seen_orders

Row = Mapping[str, Any]
PIECE = 500
ORDERS, LINES, CUSTOMERS = Order.__table__, OrderLine.__table__, Customer.__table__
RETURNS, PARTS, PRODUCTS = OrderReturn.__table__, OrderReturnLine.__table__, Product.__table__
SOURCE = ORDERS.join(CUSTOMERS, CUSTOMERS.c.id == ORDERS.c.customer_id)
OF_CUSTOMER = (
    CUSTOMERS.c.number.label("customer_number"),
    CUSTOMERS.c.name.label("customer"),
    CUSTOMERS.c.owner_id,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class WantedOrders:
    """A file of orders as it is asked for: those of the list, in its order."""

    asked: Wanted
    reader: Reader
    format: str = "csv"


@dataclass(slots=True)
class Whole:
    """An order with its customer, its lines with the codes of their products, and its returns with
    how much of which line came back."""

    row: Row
    lines: list[Row] = field(default_factory=list)
    returns: list[tuple[Row, list[Row]]] = field(default_factory=list)


def ids_of(wanted: WantedOrders) -> Sequence[int]:
    """The ids of the orders that are wanted, in order."""
    ids = array("q", reading.ids_in_order(wanted.reader, wanted.asked, EXPORT))
    database.session.close()
    return ids


def pieces(ids: Sequence[int], reader: Reader) -> Iterator[list[Whole]]:
    """The orders in pieces, each as it is by then; those out of sight meanwhile are left out."""
    for start in range(0, len(ids), PIECE):
        some = list(ids[start : start + PIECE])
        statement = select(ORDERS, *OF_CUSTOMER).select_from(SOURCE).where(ORDERS.c.id.in_(some))
        seen = seen_orders(reader, statement, permission=EXPORT)
        found = wholes(database.session.execute(seen).mappings().all())
        database.session.close()
        yield [found[one] for one in some if one in found]


def wholes(rows: Sequence[Row]) -> dict[int, Whole]:
    """These orders with all that belongs to them, by id."""
    found = {row["id"]: Whole(row) for row in rows}
    lines = (
        select(LINES, PRODUCTS.c.code)
        .select_from(LINES.outerjoin(PRODUCTS, PRODUCTS.c.id == LINES.c.product_id))
        .where(LINES.c.order_id.in_(list(found)), LINES.c.state == "active")
        .order_by(LINES.c.order_id, LINES.c.position, LINES.c.id)
    )
    by_id: dict[int, Row] = {}
    for line in database.session.execute(lines).mappings():
        by_id[line["id"]] = line
        found[line["order_id"]].lines.append(line)
    back = select(RETURNS).where(RETURNS.c.order_id.in_(list(found)), RETURNS.c.state == "active")
    parts: dict[int, list[Row]] = {}
    for row in database.session.execute(back.order_by(RETURNS.c.id)).mappings():
        parts[row["id"]] = []
        found[row["order_id"]].returns.append((row, parts[row["id"]]))
    of_returns = select(PARTS).where(PARTS.c.return_id.in_(list(parts))).order_by(PARTS.c.id)
    for part in database.session.execute(of_returns).mappings() if parts else ():
        if part["line_id"] in by_id:
            parts[part["return_id"]].append({**by_id[part["line_id"]], "back": part["quantity"]})
    return found


def of_customers(customer_ids: Sequence[int]) -> dict[int, list[Whole]]:
    """All orders of these customers, whom the reader was seen to see, the oldest first."""
    statement = (
        select(ORDERS, *OF_CUSTOMER)
        .select_from(SOURCE)
        .where(ORDERS.c.customer_id.in_(customer_ids), ORDERS.c.state == "active")
        .order_by(ORDERS.c.ordered_on, ORDERS.c.id)
    )
    found: dict[int, list[Whole]] = {}
    for whole in wholes(database.session.execute(statement).mappings().all()).values():
        found.setdefault(whole.row["customer_id"], []).append(whole)
    return found
