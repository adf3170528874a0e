"""How orders and products stand in the search index, and how they are shown when found."""

from collections.abc import Mapping, Sequence

from flask import url_for
from sqlalchemy import select

from crmlite.access import Reader
from crmlite.customers.models import Customer
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine, OrderReturn, Product
from crmlite.sales.sight import seen_orders
from crmlite.sales.words import status_label, unit_label
from crmlite.search.entries import Entry
from crmlite.search.index import put_many
from crmlite.search.searchables import Found, Searchable
from crmlite.wording import N_, on_day
from crmlite.work.records import chunks

ORDER, PRODUCT = "order", "product"
ORDERS, LINES, RETURNS = Order.__table__, OrderLine.__table__, OrderReturn.__table__
PRODUCTS, CUSTOMERS = Product.__table__, Customer.__table__
STATES = {"active": "active", "retired": "active", "deleted": "deleted"}  # as the index knows them


def index_orders(order_ids: Sequence[int]) -> None:
    """Make the search rows of these orders anew. Belongs inside an operation."""
    names: dict[int, list[str]] = {}
    lines = select(LINES.c.order_id, LINES.c.name).where(
        LINES.c.order_id.in_(order_ids), LINES.c.state == "active"
    )
    for order_id, name in database.session.execute(lines):
        names.setdefault(order_id, []).append(name)
    numbers: dict[int, list[str]] = {}
    back = select(RETURNS.c.order_id, RETURNS.c.number).where(
        RETURNS.c.order_id.in_(order_ids), RETURNS.c.state == "active"
    )
    for order_id, number in database.session.execute(back):
        numbers.setdefault(order_id, []).append(number)
    rows = database.session.execute(
        select(
            ORDERS.c.id,
            ORDERS.c.number,
            ORDERS.c.state,
            CUSTOMERS.c.owner_id,
            CUSTOMERS.c.name.label("customer"),
        )
        .join(CUSTOMERS, CUSTOMERS.c.id == ORDERS.c.customer_id)
        .where(ORDERS.c.id.in_(order_ids))
    ).mappings()
    put_many(
        ORDER,
        [
            Entry(
                record_id=row["id"],
                title=row["customer"],
                numbers=[row["number"], *numbers.get(row["id"], ())],
                labels=names.get(row["id"], ()),
                owner_id=row["owner_id"],
                state=row["state"],
            )
            for row in rows
        ],
    )


def index_orders_of(customer_ids: Sequence[int]) -> None:
    """The same for all orders of these customers, who have other owners now."""
    for ids in chunks(sorted(set(customer_ids))):
        found = select(ORDERS.c.id).where(ORDERS.c.customer_id.in_(ids))
        for some in chunks(database.session.execute(found).scalars().all()):
            index_orders(some)


def index_products(product_ids: Sequence[int]) -> None:
    """Make the search rows of these products anew. Belongs inside an operation."""
    wanted = select(PRODUCTS).where(PRODUCTS.c.id.in_(product_ids))
    put_many(
        PRODUCT,
        [
            Entry(
                record_id=row["id"],
                title=row["name"],
                numbers=list(filter(None, [row["code"]])),
                state=STATES[row["state"]],
            )
            for row in database.session.execute(wanted).mappings()
        ],
    )


def searchables() -> list[Searchable]:
    """Orders and products in the search box."""
    return [
        Searchable(
            record_type=ORDER,
            label=N_("Orders"),
            icon="receipt",
            permission="orders:see",
            present=present_orders,
            index=index_orders,
            weight=25,
        ),
        Searchable(
            record_type=PRODUCT,
            label=N_("Products"),
            icon="shopping-bag",
            permission="products:see",
            present=present_products,
            index=index_products,
            weight=40,
        ),
    ]


def present_orders(reader: Reader, order_ids: Sequence[int]) -> Mapping[int, Found]:
    """How found orders are shown; those out of sight are left out."""
    statement = (
        select(
            ORDERS.c.id,
            ORDERS.c.number,
            ORDERS.c.status,
            ORDERS.c.ordered_on,
            CUSTOMERS.c.name.label("customer"),
        )
        .select_from(ORDERS.join(CUSTOMERS, CUSTOMERS.c.id == ORDERS.c.customer_id))
        .where(ORDERS.c.id.in_(order_ids))
    )
    found = {}
    for row in database.session.execute(seen_orders(reader, statement)):
        about = (row.customer, on_day(row.ordered_on), status_label(row.status))
        url = url_for("sales.show", number=row.number)
        found[row.id] = Found(url, row.number, " · ".join(about))
    return found


def present_products(reader: Reader, product_ids: Sequence[int]) -> Mapping[int, Found]:
    """How found products are shown."""
    statement = select(PRODUCTS).where(
        PRODUCTS.c.id.in_(product_ids), PRODUCTS.c.state != "deleted"
    )
    found = {}
    for row in database.session.execute(statement).mappings():
        url = url_for("sales.product", product_id=row["id"])
        about = filter(None, (row["code"], unit_label(row["unit"])))
        found[row["id"]] = Found(url, row["name"], " · ".join(about))
    return found
