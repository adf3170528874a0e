"""A customer of sales, products, and orders of theirs."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from crmlite import clock
from crmlite.customers.models import Facts
from crmlite.extensions import database
from crmlite.sales.models import Order, OrderLine, OrderReturn
from crmlite.sales.operations import (
    LineDraft,
    OrderDraft,
    ReturnDraft,
    add_order,
    add_product,
    add_return,
)
from crmlite.testing import csrf_token, person_id
from crmlite.work import Actor
from tests.followups.conftest import add_customer

DAY = date(2026, 3, 2)
PUMP = LineDraft(name="Pump", quantity=2000, price=10_000)
HOSE = LineDraft(name="Hose", quantity=3500, price=333)


class Counter:
    """Sells, and tells what there is; belongs inside an application context."""

    def __init__(self) -> None:
        self.customer = add_customer("sales", "Calder Bearings Ltd")
        self.seller = Actor("person", "sales", person_id("sales"))
        self.manager = Actor("person", "manager", person_id("manager"))

    def product(self, name: str = "Pump P1", **values: Any) -> int:
        """A product of the list; answers its id."""
        given = {"name": name, "price": 10_000, "unit": "piece", **values}
        return int(add_product(given, by=self.manager, at=clock.now())["id"])

    def sell(
        self, *lines: LineDraft, after: int = 0, number: str | None = None, **values: Any
    ) -> int:
        """An order, so many days after DAY; answers its id."""
        draft = OrderDraft(
            customer_id=int(str(self.customer["id"])),
            values={"ordered_on": DAY + timedelta(days=after), "status": "delivered", **values},
            lines=lines or (PUMP,),
            number=number,
        )
        return int(add_order(draft, by=self.seller, at=clock.now())["id"])

    def take_back(self, order_id: int, quantity: int, **more: Any) -> dict[str, Any]:
        """A return of the first line of an order."""
        line = self.lines(order_id)[0]["id"]
        draft = ReturnDraft(quantities={line: quantity}, returned_on=DAY, **more)
        return dict(add_return(order_id, draft, by=self.seller, at=clock.now()))

    @staticmethod
    def order(order_id: int) -> Mapping[str, Any]:
        """An order as it is stored."""
        table = Order.__table__
        found = database.session.execute(select(table).where(table.c.id == order_id))
        return found.mappings().one()

    @staticmethod
    def lines(order_id: int) -> list[Mapping[str, Any]]:
        """Its lines."""
        table = OrderLine.__table__
        wanted = select(table).where(table.c.order_id == order_id, table.c.state == "active")
        found = database.session.execute(wanted.order_by(table.c.position, table.c.id))
        return list(found.mappings())

    @staticmethod
    def returns(order_id: int) -> list[Mapping[str, Any]]:
        """Its returns."""
        table = OrderReturn.__table__
        wanted = select(table).where(table.c.order_id == order_id, table.c.state == "active")
        return list(database.session.execute(wanted.order_by(table.c.id)).mappings())

    def facts(self) -> Mapping[str, Any]:
        """What is kept of the customer."""
        table = Facts.__table__
        wanted = select(table).where(table.c.customer_id == self.customer["id"])
        return database.session.execute(wanted).mappings().one()


@pytest.fixture
def shop(inside: Flask) -> Counter:
    """Where things are sold."""
    return Counter()


@pytest.fixture
def sold(app: Flask) -> str:
    """A customer of sales with a delivered order SO0001 of two pumps; answers the customer's number."""
    with app.app_context():
        counter = Counter()
        counter.sell(PUMP, HOSE)
        database.session.remove()
        return str(counter.customer["number"])


def sent(client: FlaskClient, url: str, **data: str) -> Any:
    """A form as a browser sends it."""
    return client.post(url, data={"csrf_token": csrf_token(client, "/profile"), **data})
