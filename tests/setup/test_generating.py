"""Made-up books: as many customers as asked for, with orders whose sums are right."""

from datetime import UTC, datetime
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.sales import checks
from crmlite.sales.models import Order, OrderLine, Product
from crmlite.setup.demo.generating import SOLD, generate
from crmlite.work.checks import GOOD

AT = datetime(2026, 6, 15, 9, tzinfo=UTC)


def count(model: type[Any]) -> int:
    """How many there are."""
    found = database.session.execute(select(func.count()).select_from(model.__table__))
    return int(found.scalar_one())


def test_customers_have_orders_that_add_up(inside: Flask) -> None:
    told: list[int] = []
    assert generate(40, seed=7, at=AT, told=told.append, orders=5) == 40
    assert told == [40]
    assert count(Customer) == 40
    assert count(Product) == len(SOLD)
    assert 100 < count(Order) < 300
    assert count(OrderLine) >= count(Order)
    assert [finding.level for finding in checks._compare(True)] == [GOOD]
    bought = database.session.execute(select(func.sum(Facts.__table__.c.orders))).scalar_one()
    assert 0 < bought <= count(Order)


def test_a_second_time_the_products_are_there(inside: Flask) -> None:
    for seed in (1, 2):
        generate(5, seed=seed, at=AT, told=lambda _done: None)
    assert count(Product) == len(SOLD)
