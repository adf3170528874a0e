"""When purchases are expected: of a customer's products, and who is overdue."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from crmlite.access import Reader, visible_to
from crmlite.access.scope import owned_by
from crmlite.customers.models import Customer, Facts
from crmlite.db.keyset import Page, Sort, cut, ordered
from crmlite.extensions import database
from crmlite.sales.models import Product, PurchaseCycle

Row = Mapping[str, Any]
CYCLES, PRODUCTS = PurchaseCycle.__table__, Product.__table__
CUSTOMERS, FACTS = Customer.__table__, Facts.__table__
SIZE, MOST, MOST_COUNTED = 50, 30, 10_000
WHO = tuple(CUSTOMERS.c[name] for name in ("number", "name", "owner_id", "tier", "lifecycle"))


def cycles_of(customer_id: int) -> list[Row]:
    """The products that a customer buys again and again, the one expected first in front."""
    wanted = (
        select(CYCLES, PRODUCTS.c.name)
        .join(PRODUCTS, PRODUCTS.c.id == CYCLES.c.product_id)
        .where(CYCLES.c.customer_id == customer_id)
        .order_by(CYCLES.c.next_on, CYCLES.c.product_id)
        .limit(MOST)
    )
    return list(database.session.execute(wanted).mappings())


def overdue_customers(reader: Reader, before: date, cursor: str = "") -> Page:
    """A page of customers who should have bought before a day, those of late first. Raises BadCursor."""
    sort = Sort("customers", FACTS.c.next_order_on, descending=True)
    return _page(_customers(reader, before), sort, CUSTOMERS.c.id, cursor)


def overdue_products(reader: Reader, before: date, cursor: str = "") -> Page:
    """The same for single products. Raises BadCursor."""
    sort = Sort("products", CYCLES.c.next_on, descending=True)
    return _page(_products(reader, before), sort, CYCLES.c.id, cursor)


def counted(reader: Reader, before: date) -> dict[str, int]:
    """How many there are of both; counting stops at a cap."""
    wanted = {"customers": _customers(reader, before), "products": _products(reader, before)}
    numbers = [
        select(func.count()).select_from(one.limit(MOST_COUNTED).subquery()).scalar_subquery()
        for one in wanted.values()
    ]
    row = database.session.execute(select(*numbers)).one()
    return dict(zip(wanted, (int(number) for number in row), strict=True))


def _customers(reader: Reader, before: date) -> Select[Any]:
    wanted = select(
        CUSTOMERS.c.id,
        *WHO,
        FACTS.c.last_order_on.label("last_on"),
        FACTS.c.order_interval.label("interval"),
        FACTS.c.next_order_on.label("next_on"),
    ).select_from(FACTS.join(CUSTOMERS, CUSTOMERS.c.id == FACTS.c.customer_id))
    return _seen(reader, wanted.where(FACTS.c.next_order_on < before))


def _products(reader: Reader, before: date) -> Select[Any]:
    wanted = select(
        CYCLES.c.id,
        *WHO,
        PRODUCTS.c.name.label("product"),
        CYCLES.c.product_id,
        CYCLES.c.last_on,
        CYCLES.c.interval,
        CYCLES.c.next_on,
    ).select_from(
        CYCLES.join(CUSTOMERS, CUSTOMERS.c.id == CYCLES.c.customer_id).join(
            PRODUCTS, PRODUCTS.c.id == CYCLES.c.product_id
        )
    )
    return _seen(reader, wanted.where(CYCLES.c.next_on < before))


def _seen(reader: Reader, wanted: Select[Any]) -> Select[Any]:
    return visible_to(reader, wanted.where(owned_by(reader, CUSTOMERS, "orders:see")))


def _page(wanted: Select[Any], sort: Sort, id_column: Any, cursor: str) -> Page:
    rows = database.session.execute(ordered(wanted, sort, id_column, cursor, SIZE)).mappings().all()
    return cut(rows, sort, cursor, SIZE, key="next_on", id_key="id")
