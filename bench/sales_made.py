"""Fills a book with orders: run in a process of its own, `python -m bench.sales_made 1000000`.

Rows are written raw, without ledger and search rows, which the pages that are measured do not read.
"""

import random
import sys
from datetime import date, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from crmlite import clock
from crmlite.app import create_app
from crmlite.customers.models import Customer, Facts
from crmlite.db.columns import new_uid
from crmlite.extensions import database
from crmlite.rules.purchases import Purchase, cycle, lately, together
from crmlite.sales.facts import facts_of
from crmlite.sales.models import Order, OrderLine
from crmlite.work.records import chunks

ORDERS, LINES, FACTS = Order.__table__, OrderLine.__table__, Facts.__table__
EACH = 10  # orders that a customer has who buys
BATCH = 5000  # customers: each commit waits for the disk
DAYS = 1500
NAMES = ("Gear pump", "Ball bearing", "Hydraulic oil", "Yearly service")


def fill(count: int) -> None:
    """Add orders, ten for each of as many customers as that takes."""
    now, chance = clock.now(), random.Random(7)  # noqa: S311 - guards nothing
    database.session.rollback()
    with database.engine.begin() as connection:
        wanted = select(Customer.__table__.c.id, Customer.__table__.c.owner_id)
        customers = list(connection.execute(wanted.limit(-(-count // EACH))))
    following = 1
    for some in chunks(customers, BATCH):
        orders, lines, facts = [], [], []
        for customer_id, owner_id in some:
            bought = []
            for _ in range(EACH):
                order, of_order = _order(following, customer_id, owner_id, chance, now)
                following += 1
                orders.append(order)
                lines += of_order
                bought.append(Purchase(order["ordered_on"], order["total"]))
            found = facts_of(
                together(bought), lately(bought, now.date()), cycle([one.day for one in bought])
            )
            facts.append({"row": customer_id, **found})
        with database.engine.begin() as connection:
            connection.execute(insert(ORDERS), orders)
            connection.execute(insert(LINES), lines)
            names = [name for name in facts[0] if name != "row"]
            connection.execute(
                update(FACTS)
                .where(FACTS.c.customer_id == bindparam("row"))
                .values({name: bindparam(name) for name in names}),
                facts,
            )


def _order(
    number: int, customer_id: int, owner_id: int | None, chance: random.Random, now: Any
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    day: date = now.date() - timedelta(days=chance.randint(0, DAYS))
    lines = [
        {
            "order_id": number,
            "customer_id": customer_id,
            "state": "active",
            "position": place,
            "name": name,
            "quantity": 1000 * (place + 1),
            "price": 12_850,
            "currency": "CNY",
            "amount": 12_850 * (place + 1),
        }
        for place, name in enumerate(chance.sample(NAMES, 2))
    ]
    total = sum(line["amount"] for line in lines)
    return {
        "id": number,
        "uid": new_uid(),
        "number": f"SO{number:07d}",
        "customer_id": customer_id,
        "state": "active",
        "status": "closed" if number % 20 else "confirmed",
        "ordered_on": day,
        "seller_id": owner_id,
        "currency": "CNY",
        "subtotal": total,
        "total": total,
        "created_at": now,
        "updated_at": now,
        "version": 1,
    }, lines


if __name__ == "__main__":
    with create_app().app_context():
        fill(int(sys.argv[1]))
