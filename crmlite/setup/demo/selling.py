"""The demo firm's product list and what its customers ordered over two years: the same every time for
the same day."""

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select

from crmlite.extensions import database
from crmlite.rules.quantities import UNIT, Discount
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine, Product
from crmlite.sales.operations import (
    LineDraft,
    OrderDraft,
    ReturnDraft,
    add_order,
    add_product,
    add_return,
    retire_product,
)
from crmlite.sales.words import EXCHANGE, REFUND
from crmlite.search.index import remove
from crmlite.setup.demo.content import content
from crmlite.work import Actor, records

Raw = Mapping[str, Any]
MINOR = 100
YEARS = 2 * 365
DAYS_BETWEEN = {"strategic": 38, "core": 52, "normal": 95}
USUAL = 130
STOPPED = {"dormant": 210, "lost": 120}  # since so many days they ordered nothing; or `silent`
OFF = {"strategic": Discount(rate=1000), "core": Discount(rate=500)}
RETURNED = 0.06  # of orders that were delivered a while ago
COMPLETED, DELIVERED, FRESH = 40, 12, 3  # days after which orders are so, or still drafts
ORDERS, LINES, RETURNS = Order.__table__, OrderLine.__table__, OrderReturn.__table__
PARTS = OrderReturnLine.__table__


@dataclass(frozen=True, slots=True)
class Sale:
    """An order as it was: of which customer, on which day, so many pieces of which products."""

    customer_id: int
    raw: Raw
    day: date
    items: Sequence[tuple[str, int]]
    lot: float  # decides what became of it


def add_sales(
    customers: Sequence[int], people: Mapping[str, int], zone: ZoneInfo, by: Actor, at: datetime
) -> int:
    """Add products and orders; answers how many orders. Belongs inside an operation. `customers` are
    the ids of the demo's, in its order; `people` are ids by login."""
    listed = tomllib.loads(
        resources.files(__package__).joinpath("content/products.toml").read_text("utf-8")
    )
    products = _add_products(listed, by, at)
    today = at.astimezone(zone).date()
    found = [
        sale
        for place, (customer_id, raw) in enumerate(zip(customers, content().customers, strict=True))
        for sale in _sales(customer_id, raw, listed, today, random.Random(place))
    ]
    for sale in sorted(found, key=lambda one: (one.day, one.customer_id)):
        _add(sale, products, people, today, zone, at)
    return len(found)


def clear_sales(customer_ids: Sequence[int]) -> None:
    """Take away all orders of these customers. Belongs inside an operation."""
    wanted = select(ORDERS.c.id).where(ORDERS.c.customer_id.in_(customer_ids))
    ids = list(database.session.execute(wanted).scalars())
    for table in (PARTS, RETURNS, LINES, ORDERS):
        database.session.execute(delete(table).where(table.c.customer_id.in_(customer_ids)))
    remove("order", ids)


def clear_products(product_ids: Sequence[int]) -> None:
    """Take away those of these products that nobody ordered. Belongs inside an operation."""
    ordered = select(LINES.c.product_id).where(LINES.c.product_id.in_(product_ids))
    kept = set(database.session.execute(ordered).scalars())
    gone = [product_id for product_id in product_ids if product_id not in kept]
    records.delete_many(Product, gone)
    remove("product", gone)


def _add_products(listed: Raw, by: Actor, at: datetime) -> dict[str, Raw]:
    found = {}
    for key, *row in listed["product"]:
        values = _values(row)
        made = add_product(values, by=by, at=at)
        found[key] = {**values, "id": made["id"]}
    for row in listed["retired"]:
        made = add_product(_values(row), by=by, at=at)
        retire_product(made["id"], by=by, at=at)
    return found


def _values(row: Sequence[Any]) -> dict[str, Any]:
    code, name, category, unit, price = row
    return {
        "code": code,
        "name": name,
        "category": category,
        "unit": unit,
        "price": round(price * MINOR),
    }


def _sales(
    customer_id: int, raw: Raw, listed: Raw, today: date, chance: random.Random
) -> Iterator[Sale]:
    """What one customer ordered, the earliest first."""
    if "started" not in raw or raw["lifecycle"] in ("potential", "interested"):
        return
    basket = _basket(raw, listed)
    prices = {key: price for key, _code, _name, _category, _unit, price in listed["product"]}
    gap = DAYS_BETWEEN.get(raw.get("tier", ""), USUAL)
    budget = raw.get("annual", 1_200 if raw.get("kind") == "person" else 24_000) * gap / 365
    days_ago = min(int(raw["started"]), YEARS)
    silent = raw.get("silent", STOPPED.get(raw["lifecycle"], 1))
    while days_ago >= silent:
        keys = [chance.choice(basket["main"])]
        keys += chance.sample(basket["beside"], chance.choice((0, 1, 1, 2)))
        share = budget * chance.uniform(0.7, 1.3)
        lines = [
            (key, _how_many(share * (0.1 if place else 0.8), prices[key]))
            for place, key in enumerate(dict.fromkeys(keys))
        ]
        day = _working_day(today - timedelta(days=days_ago))
        yield Sale(customer_id, raw, day, lines, chance.random())
        days_ago -= max(5, round(chance.uniform(0.75, 1.25) * gap))


def _how_many(money: float, price: float) -> int:
    return max(1, min(400, round(money / price)))


def _basket(raw: Raw, listed: Raw) -> Raw:
    is_person = raw.get("kind") == "person"
    industry = str(raw.get("industry") or "")
    return next(
        one
        for one in listed["basket"]
        if one.get("person", False) == is_person
        and (is_person or any(industry.startswith(code) for code in one["industries"]))
    )


def _working_day(day: date) -> date:
    return day - timedelta(days=max(0, day.weekday() - 4))


def _add(
    sale: Sale,
    products: Mapping[str, Raw],
    people: Mapping[str, int],
    today: date,
    zone: ZoneInfo,
    at: datetime,
) -> None:
    login = sale.raw["owner"]
    by = Actor("person", login, people[login])
    age = (today - sale.day).days
    status = (
        "closed"
        if age > COMPLETED
        else "delivered"
        if age > DELIVERED
        else "confirmed"
        if age > FRESH
        else "draft"
    )
    tier = sale.raw.get("tier", "")
    off = OFF.get(tier, Discount())
    moment = min(at, datetime.combine(sale.day, datetime.min.time(), zone) + timedelta(hours=15))
    made = add_order(
        OrderDraft(
            customer_id=sale.customer_id,
            values={
                "ordered_on": sale.day,
                "expected_on": sale.day + timedelta(days=14 if sale.lot < 0.5 else 9),
                "seller_id": people[login],
                "status": status,
                "discount_rate": off.rate,
            },
            lines=[
                LineDraft(
                    product_id=products[key]["id"],
                    name=products[key]["name"],
                    unit=products[key]["unit"],
                    quantity=number * UNIT,
                    price=products[key]["price"],
                    discount=Discount(rate=1500) if number >= 20 else Discount(),
                )
                for key, number in sale.items
            ],
        ),
        by=by,
        at=moment,
    )
    if status == "closed" and sale.lot < RETURNED:
        _take_back(made["id"], sale, by, min(at, moment + timedelta(days=17)), zone)


def _take_back(order_id: int, sale: Sale, by: Actor, at: datetime, zone: ZoneInfo) -> None:
    """A part of an order came back: most are paid back, some are exchanged."""
    wanted = select(LINES.c.id).where(LINES.c.order_id == order_id).order_by(LINES.c.position)
    line_id = database.session.execute(wanted.limit(1)).scalar_one()
    is_exchange = sale.lot < RETURNED / 3
    add_return(
        order_id,
        ReturnDraft(
            quantities={line_id: UNIT},
            returned_on=at.astimezone(zone).date(),
            settlement=EXCHANGE if is_exchange else REFUND,
            reason="quality" if is_exchange else "unsuitable" if sale.lot < 0.04 else "damaged",
        ),
        by=by,
        at=at,
    )
