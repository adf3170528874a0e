"""The product list: adding, changing, retiring and taking away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from crmlite import settings
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine, Product
from crmlite.sales.search_rows import index_products
from crmlite.search.pinyin import name_sort
from crmlite.work import Actor, Gone, Refused, current, operation, records
from crmlite.work.records import chunks

PRODUCTS, LINES, ORDERS = Product.__table__, OrderLine.__table__, Order.__table__


@operation("product_added")
def add_product(values: Mapping[str, Any], *, by: Actor, at: datetime) -> dict[str, int]:
    """Add a product; answers `{"id", "operation"}`. Refused: `code-taken`."""
    _refuse_twin(values.get("code"), None)
    product_id = records.insert(
        Product,
        {
            "state": "active",
            "currency": settings.get("currency"),
            **values,
            "name_sort": name_sort(values["name"], person=False),
        },
    )
    index_products([product_id])
    return {"id": product_id, "operation": current().id}


@operation("product_updated")
def update_product(
    product_id: int,
    values: Mapping[str, Any],
    *,
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> int:
    """Change a product; answers the operation's id, 0 when nothing changed. What was ordered before
    keeps its name, unit and price. Raises Gone, Stale; Refused (`code-taken`)."""
    _refuse_twin(values.get("code"), product_id)
    changed = records.update(Product, product_id, values, version=version)
    if not changed:
        return 0
    refresh_products([product_id])
    return current().id


@operation("product_retired")
def retire_product(product_id: int, *, by: Actor, at: datetime) -> int:
    """Offer a product no more; it stays where it was ordered. Raises Gone."""
    return _set_state(product_id, "retired")


@operation("product_offered")
def offer_product(product_id: int, *, by: Actor, at: datetime) -> int:
    """Offer a retired product again. Raises Gone."""
    return _set_state(product_id, "active")


@operation("product_deleted")
def delete_product(product_id: int, *, by: Actor, at: datetime) -> int:
    """Take a product away that nobody ordered. Raises Gone; Refused (`product-ordered`)."""
    ordered = select(LINES.c.id).where(LINES.c.product_id == product_id).limit(1)
    if database.session.execute(ordered).first() is not None:
        raise Refused("product-ordered")
    return _set_state(product_id, "deleted")


def _set_state(product_id: int, state: str) -> int:
    there = select(PRODUCTS.c.id).where(PRODUCTS.c.id == product_id, PRODUCTS.c.state != "deleted")
    if database.session.execute(there).first() is None:
        raise Gone("product", product_id)
    if not records.update(Product, product_id, {"state": state}):
        return 0
    index_products([product_id])
    return current().id


def refresh_products(product_ids: list[int]) -> None:
    """Make anew by what products are sorted and found; one that was taken away and stands in orders is
    retired instead. Belongs inside an operation."""
    for ids in chunks(product_ids):
        records.update_many(Product, {one: {"state": "retired"} for one in _needed(ids)})
        wanted = select(PRODUCTS.c.id, PRODUCTS.c.name).where(PRODUCTS.c.id.in_(ids))
        rows = [
            {"row": row.id, "sort": name_sort(row.name, person=False)}
            for row in database.session.execute(wanted)
        ]
        if rows:
            database.session.connection().execute(
                update(PRODUCTS)
                .where(PRODUCTS.c.id == bindparam("row"))
                .values(name_sort=bindparam("sort")),
                rows,
            )
        index_products(ids)


def _needed(product_ids: list[int]) -> list[int]:
    """Which of these products are in the recycle bin and stand in orders."""
    ordered = (
        select(LINES.c.id)
        .join(ORDERS, ORDERS.c.id == LINES.c.order_id)
        .where(LINES.c.product_id == PRODUCTS.c.id, LINES.c.state == "active")
        .where(ORDERS.c.state == "active")
        .correlate(PRODUCTS)
    )
    wanted = select(PRODUCTS.c.id).where(
        PRODUCTS.c.id.in_(product_ids), PRODUCTS.c.state == "deleted", ordered.exists()
    )
    return list(database.session.execute(wanted).scalars())


def _refuse_twin(code: str | None, product_id: int | None) -> None:
    """A code is that of one product."""
    if code is None:
        return
    found = select(PRODUCTS.c.id).where(PRODUCTS.c.code == code, PRODUCTS.c.state != "deleted")
    twin = database.session.execute(found).scalar()
    if twin is not None and twin != product_id:
        raise Refused("code-taken", {"code": code})
