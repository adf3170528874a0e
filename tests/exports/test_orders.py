"""Orders as files: what stands in them, for whom, and that our own import reads them."""

import csv
import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from flask_babel import force_locale
from sqlalchemy import select

from crmlite import clock
from crmlite.access import Reader
from crmlite.access.readers import everything
from crmlite.access.sensitive import forget_viewings
from crmlite.accounts.queries import reader_of
from crmlite.customers.lists.query_string import LONGEST_ADDRESS
from crmlite.customers.operations import delete_customer
from crmlite.exports import order_book, orders
from crmlite.exports.models import ExportRow
from crmlite.exports.order_book import WantedOrders
from crmlite.extensions import database
from crmlite.rules.quantities import Discount
from crmlite.sales.models import Order, OrderLine, OrderReturn
from crmlite.sales.operations import LineDraft
from crmlite.sales.queries.orders import Wanted
from crmlite.testing import csrf_token, person_id
from crmlite.work.actors import command_line
from tests.exports.books import exported as customers_exported
from tests.imports.bringing import counts, imported, taken_back
from tests.sales.conftest import HOSE, PUMP, Counter, shop, sold

__all__ = ["shop", "sold"]


def exported(kind: str, lang: str = "en", reader: Reader | None = None, **asked: Any) -> bytes:
    """The orders as a file."""
    wanted = WantedOrders(
        asked=Wanted(descending=False, **asked), reader=reader or everything(), format=kind
    )
    with force_locale({"en": "en", "zh": "zh_Hans"}[lang]):
        g.pop("language", None)
        ids = order_book.ids_of(wanted)
        file = b"".join(orders.made(wanted, ids, clock.now(), forget_viewings))
    g.pop("language", None)
    return file


def rows_of(file: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file by the headings."""
    return list(csv.DictReader(io.StringIO(file.decode("utf-8-sig"))))


def held() -> list[tuple[Mapping[str, Any], ...]]:
    """All that the book holds of orders, lines and returns."""
    return [
        tuple(
            {name: value for name, value in row.items() if name not in ("version", "updated_at")}
            for row in database.session.execute(
                select(model.__table__).order_by(model.__table__.c.id)
            ).mappings()
        )
        for model in (Order, OrderLine, OrderReturn)
    ]


@pytest.fixture
def book(shop: Counter) -> Counter:
    """Three orders: with a product, a discount on each and on the whole, a return, a draft."""
    product = shop.product("Pump =P1", code="P-1")
    pump = LineDraft(name="Pump =P1", product_id=product, unit="piece", quantity=2000,
                     price=10_000, discount=Discount(rate=1000))  # fmt: skip
    first = shop.sell(pump, HOSE, discount_amount=500, remark="=Urgent")
    shop.take_back(first, 1000)
    shop.sell(PUMP, after=5, status="draft", currency="EUR", expected_on=date(2026, 3, 20))
    shop.sell(PUMP, after=9, status="cancelled", number="X-9")
    return shop


def test_a_row_for_each_line_and_for_what_came_back(book: Counter) -> None:
    rows = rows_of(exported("csv"))
    assert [row["Order no."] for row in rows] == ["SO0001"] * 3 + ["SO0002", "X-9"]
    first, second, back = rows[:3]
    assert (first["Product code"], first["Quantity"], first["Price"]) == ("P-1", "2", "100")
    assert (first["Discount"], first["Amount of the line"]) == ("10%", "180")
    assert (first["Discount on the whole"], first["Total of the order"]) == ("5", "186.66")
    assert (second["Quantity"], second["Total of the order"]) == ("3.5", "")
    assert (back["Quantity"], back["Number of the return"]) == ("-1", "SR0001")
    assert float(back["Amount of the line"]) < 0
    assert (first["Remark"], first["Product name"]) == ("'=Urgent", "Pump =P1")


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_nothing_changes_when_its_own_file_comes_back(book: Counter, kind: str, lang: str) -> None:
    before = held()
    run = imported(exported(kind, lang), f"own.{kind}", about="orders", on_duplicate="update")
    assert counts(run) == (0, 4, 1, 0)  # the return is in the book already
    assert held() == before
    assert run["operation_id"] is None
    again = imported(exported(kind, lang), f"own.{kind}", about="orders")
    assert counts(again) == (0, 0, 5, 0)


def test_a_book_comes_back_out_of_its_file(book: Counter) -> None:
    file, before = exported("csv"), summed()
    facts = dict(book.facts())
    customers = customers_exported("all", "csv", "en")
    delete_customer(book.customer["id"], by=command_line(), at=clock.now())
    for table in (OrderReturn, OrderLine, Order):
        database.session.execute(table.__table__.update().values(state="deleted"))
    database.session.commit()
    imported(customers)
    run = imported(file, about="orders")
    assert counts(run) == (5, 0, 0, 0)
    assert summed() == before
    assert facts["bought"] > 0
    taken_back(run["id"])
    assert summed() == []


def summed() -> list[tuple[Any, ...]]:
    """What the orders of the book come to."""
    table = Order.__table__
    names = ("number", "status", "ordered_on", "currency", "subtotal", "total", "refunded")
    found = database.session.execute(
        select(*(table.c[name] for name in names)).where(table.c.state == "active")
    )
    return sorted(tuple(row) for row in found)


def test_json_has_lines_returns_and_whose_it_is(book: Counter) -> None:
    told = json.loads(exported("json"))
    first = told[0]
    assert (first["customer"], first["status"]) == (book.customer["number"], "delivered")
    assert first["lines"][0]["product"] == "P-1"
    assert first["returns"][0]["lines"] == [{"name": "Pump =P1", "quantity": 1}]
    [archive] = json.loads(customers_exported("all", "json"))
    assert [order["number"] for order in archive["orders"]] == ["SO0001", "SO0002", "X-9"]
    [products] = list(orders.products_of(everything()))
    assert products[0]["code"] == "P-1"


def test_who_sees_less_takes_less(book: Counter) -> None:
    reader = reader_of(person_id("sales2"))
    assert rows_of(exported("csv", reader=reader)) == []
    mine = reader_of(person_id("sales"))
    assert len(rows_of(exported("csv", reader=mine))) == 5


def test_the_list_is_taken_as_it_stands(app: Flask, sold: str, sign_in: Any) -> None:
    client: FlaskClient = sign_in("manager")
    page = client.get("/orders?status=delivered").text
    assert "/orders/export?status=delivered" in page
    assert "1 order" in client.get("/orders/export?status=delivered").text
    token = csrf_token(client, "/orders/export")
    form = {"csrf_token": token, "format": "csv", "list": "status=delivered"}
    answer = client.post("/orders/export", data=form)
    assert [row["Order no."] for row in rows_of(answer.data)] == ["SO0001", "SO0001"]
    assert rows_of(client.post("/orders/export", data={**form, "list": "status=draft"}).data) == []
    too_long = f"q={'x' * LONGEST_ADDRESS}&status=draft"
    assert client.post("/orders/export", data={**form, "list": too_long}).status_code == 409
    with app.app_context():
        table = ExportRow.__table__
        found = database.session.execute(select(table).order_by(table.c.id)).mappings().all()
        assert [(row["layout"], row["rows"]) for row in found] == [("orders", 1), ("orders", 0)]
        database.session.remove()


def test_support_takes_no_orders_away(sign_in: Any, sold: str) -> None:
    client = sign_in("support")
    assert client.get("/orders/export").status_code == 403
    assert "/orders/export" not in client.get("/orders").text
