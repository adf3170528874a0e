"""How often customers buy, when next, and who is overdue: kept with each change of their orders."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import time_machine
from flask import Flask
from sqlalchemy import select

from crmlite import clock
from crmlite.access.readers import everything
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.customers.conditions.sql import asking, condition
from crmlite.customers.models import Customer, Facts
from crmlite.extensions import database
from crmlite.rules.conditions import Node, Not, where
from crmlite.sales.models import PurchaseCycle
from crmlite.sales.operations import LineDraft, delete_order
from crmlite.sales.queries.cycles import counted
from crmlite.testing import SignIn
from tests.sales.conftest import DAY, Counter

CYCLES, FACTS = PurchaseCycle.__table__, Facts.__table__
LATE = datetime(2026, 8, 1, 9, tzinfo=UTC)
EARLY = datetime(2026, 5, 5, 9, tzinfo=UTC)


def of(product: int, quantity: int = 1000) -> LineDraft:
    return LineDraft(name="Pump", quantity=quantity, price=500, product_id=product)


def cycles() -> list[Any]:
    columns = [column for column in CYCLES.c if column.name != "id"]
    return list(database.session.execute(select(*columns).order_by(CYCLES.c.id)).mappings())


def takes(tree: Node, today: date) -> bool:
    table = Customer.__table__
    holds = condition(tree, dict(whole_catalogue()), asking(everything(), today))
    both = table.join(FACTS, FACTS.c.customer_id == table.c.id)
    wanted = select(table.c.id).select_from(both).where(holds)
    return bool(database.session.execute(wanted).first())


def test_the_third_order_says_when_the_next_is_expected(shop: Counter) -> None:
    pump = shop.product()
    orders = [shop.sell(of(pump), after=after) for after in (0, 30)]
    assert shop.facts()["next_order_on"] is None and cycles() == []
    orders.append(shop.sell(of(pump), after=62))
    assert shop.facts()["next_order_on"] == DAY + timedelta(days=62 + 31)
    [one] = cycles()
    assert (one["product_id"], one["days"], one["interval"]) == (pump, 3, 31)
    assert one["next_on"] == DAY + timedelta(days=93)
    shop.sell(LineDraft(name="Oil", quantity=1000, price=1), after=63)  # of no product of the list
    assert cycles() == [one]
    delete_order(orders[1], by=shop.manager, at=clock.now())
    assert cycles() == []


def test_what_came_back_wholly_is_no_purchase(shop: Counter) -> None:
    pump = shop.product()
    orders = [shop.sell(of(pump, 2000), after=after) for after in (0, 30, 60, 64)]
    assert shop.facts()["next_order_on"] == DAY + timedelta(days=94)
    shop.take_back(orders[3], 1000, settlement="refund")
    assert shop.facts()["next_order_on"] == DAY + timedelta(days=94)  # one was kept
    shop.take_back(orders[3], 1000, settlement="refund")
    assert shop.facts()["next_order_on"] == DAY + timedelta(days=90)
    assert [one["days"] for one in cycles()] == [3]


def test_conditions_ask_for_it(shop: Counter) -> None:
    for after in (0, 30, 60):
        shop.sell(of(shop.product(f"Pump {after}")), after=after)
    expected = DAY + timedelta(days=90)
    overdue = where("overdue_to_buy", "is", True)
    soon = where("next_order_on", "before", expected + timedelta(days=1))
    with time_machine.travel(LATE, tick=False):
        today = LATE.date()
        assert takes(overdue, today) and takes(soon, today)
        assert not takes(Not(overdue), today)
    with time_machine.travel(EARLY, tick=False):
        assert not takes(overdue, EARLY.date())


def test_the_list_leads_to_who_is_overdue(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        shop = Counter()
        pump = shop.product()
        for after in (0, 30, 60):
            shop.sell(of(pump), after=after)
        number = shop.customer["number"]
        database.session.remove()
    with time_machine.travel(LATE, tick=False):
        sales = sign_in("sales")
        assert "/purchases/overdue" in sales.get("/orders").text
        page = sales.get("/purchases/overdue").text
        assert "Calder Bearings Ltd" in page and "30 days" in page
        page = sales.get("/purchases/overdue?of=products").text
        assert "Pump P1" in page
        tab = sales.get(f"/customers/{number}/tabs/orders").text
        assert "overdue" in tab and "Bought again and again" in tab
        listed = sales.get("/customers?w=overdue_to_buy~is~yes&columns=number,name,next_order_on")
        assert number in listed.text
        with app.app_context():
            assert counted(everything(), LATE.date()) == {"customers": 1, "products": 1}
        assert sales.get("/purchases/overdue?after=nonsense").status_code == 404
        assert "Calder" not in sign_in("sales2").get("/purchases/overdue").text
    with time_machine.travel(EARLY, tick=False):
        page = sign_in("sales").get("/purchases/overdue").text
        assert "Nobody is overdue" in page
