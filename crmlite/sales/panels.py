"""What orders put on other pages: the tab of a customer's page, and the button in its head."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import settings
from crmlite.access import Reader
from crmlite.access.sensitive import shown
from crmlite.accounts.queries import person_name
from crmlite.customers.models import Facts
from crmlite.panels import Action, Panel
from crmlite.sales import words
from crmlite.sales.asked_fields import expected_before
from crmlite.sales.models import Order
from crmlite.sales.queries import orders as reading
from crmlite.sales.queries.cycles import cycles_of
from crmlite.sales.sight import may
from crmlite.wording import exactly

Row = Mapping[str, Any]
SHOWN = 50
DASH = "–"


def tabs(customer: Row, reader: Reader) -> list[Panel]:
    """The orders of a customer, with what they say together."""
    if not reader.covers("orders:see", customer["owner_id"]):
        return []
    return [
        Panel(
            name="orders",
            title=_("Orders"),
            template="sales/_customer_orders.html",
            context=_Lazy(customer, reader),
            weight=10,
            count=customer["orders"] or "",
        )
    ]


class _Lazy(Mapping[str, Any]):
    """The context of the tab, read when the tab is drawn: its title stands on every tab."""

    def __init__(self, customer: Row, reader: Reader) -> None:
        self._customer, self._reader = customer, reader
        self._made: Mapping[str, Any] | None = None

    def _context(self) -> Mapping[str, Any]:
        if self._made is None:
            self._made = _context(self._customer, self._reader)
        return self._made

    def __getitem__(self, name: str) -> Any:
        return self._context()[name]

    def __iter__(self) -> Any:
        return iter(self._context())

    def __len__(self) -> int:
        return len(self._context())


def _context(customer: Row, reader: Reader) -> dict[str, Any]:
    rows = reading.latest_of(customer["id"], SHOWN)
    creates = customer["state"] == "active" and may(reader, "orders:create", customer["owner_id"])
    return {
        "rows": [_line(row, customer, reader) for row in rows],
        "facts": _facts(customer, reader) if customer["orders"] else [],
        "cycles": _cycles(customer) if customer["next_order_on"] else [],
        "new": url_for("sales.new", customer=customer["number"]) if creates else "",
        "all": url_for("sales.orders", customer=customer["id"]) if len(rows) == SHOWN else "",
    }


def _line(row: Row, customer: Row, reader: Reader) -> dict[str, Any]:
    total = shown(reader, Order.total, row, owner_id=customer["owner_id"])
    back = shown(reader, Order.refunded, row, owner_id=customer["owner_id"])
    return {
        "id": row["id"],
        "number": row["number"],
        "url": url_for("sales.show", number=row["number"]),
        "day": row["ordered_on"],
        "status": words.status_label(row["status"]),
        "status_key": row["status"],
        "seller": person_name(row["seller_id"]),
        "total": words.amount_words(total, row["currency"]),
        "refunded": words.amount_words(back, row["currency"]) if row["refunded"] else "",
    }


def _facts(customer: Row, reader: Reader) -> list[tuple[str, str]]:
    currency = str(settings.get("currency"))

    def amount(attribute: Any) -> str:
        found = shown(reader, attribute, customer, owner_id=customer["owner_id"])
        return words.amount_words(found, currency)

    interval = customer["order_interval"]
    return [
        (_("Bought in all"), amount(Facts.bought)),
        (_("Average order"), amount(Facts.average_order)),
        (_("First order"), exactly(customer["first_order_on"])),
        (_("Last order"), exactly(customer["last_order_on"])),
        (_("Usually every"), words.days_words(interval) if interval is not None else DASH),
        (_("Next expected"), _expected(customer["next_order_on"])),
    ]


def _expected(day: date | None) -> str:
    """When the next purchase is expected, and whether it is overdue."""
    if day is None:
        return DASH
    if day < expected_before():
        return str(_("%(day)s, overdue", day=exactly(day)))
    return exactly(day)


def _cycles(customer: Row) -> list[dict[str, Any]]:
    """What the customer buys again and again."""
    before = expected_before()
    return [
        {
            "name": row["name"],
            "url": url_for("sales.product", product_id=row["product_id"]),
            "every": words.days_words(row["interval"]),
            "last_on": row["last_on"],
            "next_on": row["next_on"],
            "overdue": row["next_on"] < before,
        }
        for row in cycles_of(customer["id"])
    ]


def list_actions() -> list[Action]:
    """The way from the list of orders to those who should have ordered."""
    return [
        Action(
            name="overdue-to-buy",
            label=_("Overdue to buy"),
            icon="clock-pause",
            url=url_for("sales.overdue"),
            weight=40,
            drawer=False,
        )
    ]


def actions(customer: Row, reader: Reader) -> list[Action]:
    """Writing an order down for a customer."""
    if customer["state"] != "active" or not may(reader, "orders:create", customer["owner_id"]):
        return []
    return [
        Action(
            name="new-order",
            label=_("New order"),
            icon="receipt",
            url=url_for("sales.new", customer=customer["number"]),
            weight=25,
            drawer=False,
        )
    ]
