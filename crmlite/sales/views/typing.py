"""What helps while somebody types an order: customers, products, and what it comes to."""

from typing import Any

from flask import request

from crmlite import settings
from crmlite.access import current_reader, requires
from crmlite.customers import queries as customers
from crmlite.customers.words import money
from crmlite.paging import page
from crmlite.rules.text import folded
from crmlite.sales.forms.orders import order_form
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries import products as products_read
from crmlite.sales.queries.products import called
from crmlite.sales.views.blueprint import bp
from crmlite.sales.words import plain_amount, unit_label
from crmlite.search.queries import find

LONGEST = 240
OFFERED = 12


@bp.get("/orders/customers")
@requires("orders:create")
def customers_for() -> Any:
    """Customers that fit what is typed, as the lines of a field's list."""
    reader, text = current_reader(), _text("customer")
    hits = find(reader, text, {"customer"}, limit=OFFERED)
    seen = customers.in_sight(reader, [hit.record_id for hit in hits])
    rows = [seen[hit.record_id] for hit in hits if hit.record_id in seen]
    options = [
        {"value": f"{row['number']} {row['name']}", "label": ""}
        for row in rows
        if row["state"] == "active"
    ]
    return page("sales/options.html", options=options)


@bp.get("/orders/products")
@requires("products:see")
def products_for() -> Any:
    """Products that fit what is typed into a line."""
    text = next((value for name, value in request.args.items() if name.startswith("lines-")), "")
    rows = products_read.offered(current_reader(), _whole(text))
    options = [
        {
            "value": called(row),
            "label": " · ".join(filter(None, (_price(row), unit_label(row["unit"])))),
            "price": _plain_price(row),
            "unit": row["unit"] or "",
        }
        for row in rows
    ]
    return page("sales/options.html", options=options)


@bp.post("/orders/new/sums")
@requires("orders:see")
def sums() -> Any:
    """What the lines that are typed come to; with `?order=` in its currency."""
    currency = str(settings.get("currency"))
    if number := request.args.get("order", ""):
        currency = reading.order(number, seen_by=current_reader())["currency"]
    form = order_form(currency, fresh=False)
    return page("sales/sums.html", form=form, sums=form.sums(), currency=currency)


def _text(name: str) -> str:
    return _whole(request.args.get(name, ""))


def _whole(text: str) -> str:
    return folded(text.replace("\x00", " "))[:LONGEST]


def _price(row: Any) -> str:
    return money(row["price"], row["currency"]) if row["price"] is not None else ""


def _plain_price(row: Any) -> str:
    if row["price"] is None or row["currency"] != settings.get("currency"):
        return ""
    return plain_amount(row["price"], row["currency"])
