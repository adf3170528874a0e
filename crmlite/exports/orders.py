"""Orders with their lines and what came back of them, as tables and as JSON.

Headings and values are known to our own import, in both languages: what is written is read again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite.access import Reader, opened, shown
from crmlite.accounts.roster import roster
from crmlite.exports.columns import headings
from crmlite.exports.formats import delimited, records, spreadsheet
from crmlite.exports.order_book import WantedOrders, Whole, pieces
from crmlite.exports.values import Cell, Values, in_units
from crmlite.extensions import database
from crmlite.fields import fields_of
from crmlite.rules.fields import Field
from crmlite.rules.quantities import written_rate
from crmlite.sales.models import Order, OrderLine, OrderReturn, Product
from crmlite.sales.words import status_label, unit_label
from crmlite.wording import label

Row = Mapping[str, Any]
Look = Callable[[], None]
PRODUCTS, ORDERS = Product.__table__, Order.__table__
PIECE = 500
THOUSANDTHS = -3


@dataclass(frozen=True)
class Orders:
    """Makes rows and records of orders for one reader."""

    reader: Reader

    @cached_property
    def people(self) -> Mapping[int, str]:
        """Who has which id."""
        return {person.id: person.name for person in roster().people.values()}

    @cached_property
    def values(self) -> Values:
        """What says further fields."""
        return Values(self.reader)

    @cached_property
    def asked(self) -> Sequence[Field]:
        """The further fields of orders."""
        return fields_of("order")

    @cached_property
    def logins(self) -> Mapping[int, str]:
        """Who signs in as what."""
        return {person.id: person.login for person in roster().people.values()}

    def rows(self, whole: Whole) -> Iterator[list[Cell]]:
        """A row for each line, then one for each line that came back; an order without lines has one.
        What is said of the whole order stands in its first row."""
        row = whole.row
        further = self._further(row) | self._recorded(row)
        for line in whole.lines or [None]:
            cells = self._of_line(row, line) if line is not None else {}
            yield self._cells(row, {"ordered_on": row["ordered_on"], **cells, **further})
            further = {}
        for back, parts in whole.returns:
            amount = self._amount(OrderReturn.amount, back, row)
            for part in parts:
                cells = {
                    **self._of_line(row, part),
                    "ordered_on": back["returned_on"],
                    "line.quantity": -_quantity(part["back"]),
                    "line.price": None,
                    "line.discount": None,
                    "line.amount": -amount if isinstance(amount, Decimal) else amount,
                    "return_number": back["number"],
                }
                yield self._cells(row, cells)
                amount = Decimal() if isinstance(amount, Decimal) else amount

    def _cells(self, row: Row, cells: Mapping[str, Cell]) -> list[Cell]:
        seller = row["seller_id"]
        told: dict[str, Cell] = {
            "number": row["number"],
            "status": status_label(row["status"]),
            "expected_on": row["expected_on"],
            "seller": self.people.get(seller, "") if seller is not None else "",
            "currency": row["currency"],
            "customer.number": row["customer_number"],
            "customer.name": row["customer"],
            **cells,
        }
        return [told.get(key) for key in (*headings()["orders"], *(one.name for one in self.asked))]

    def names(self) -> list[str]:
        """What stands above the columns."""
        words = (*headings()["orders"].values(), *(one.label for one in self.asked))
        return [label(one) for one in words]

    def _recorded(self, row: Row) -> dict[str, Cell]:
        """The further fields, as they stand in cells."""
        return {
            one.name: self.values.further_in_words(ORDERS, one, row, row["owner_id"])
            for one in self.asked
        }

    def _further(self, row: Row) -> dict[str, Cell]:
        return {
            "discount": self._discount(Order.discount_amount, row, row),
            "total": self._amount(Order.total, row, row),
            "remark": opened(Order.remark, row),
        }

    def _of_line(self, row: Row, line: Row) -> dict[str, Cell]:
        return {
            "line.code": line["code"],
            "line.name": line["name"],
            "line.quantity": _quantity(line["quantity"]),
            "line.unit": unit_label(line["unit"]),
            "line.price": self._amount(OrderLine.price, line, row),
            "line.discount": self._discount(OrderLine.discount_amount, line, row),
            "line.amount": self._amount(OrderLine.amount, line, row),
        }

    def _amount(self, attribute: Any, row: Row, order: Row) -> Decimal | str:
        found = shown(self.reader, attribute, row, owner_id=order["owner_id"])
        return found.text if found.masked else in_units(found.value or 0, order["currency"])

    def _discount(self, attribute: Any, row: Row, order: Row) -> Cell:
        if row["discount_rate"]:
            return written_rate(row["discount_rate"])
        return self._amount(attribute, row, order) if row["discount_amount"] else None

    def record(self, whole: Whole) -> dict[str, Any]:
        """An order as JSON: choices by their keys, people by their logins. What there is not is left
        out."""
        row = whole.row
        told = {
            **{name: row[name] for name in ("number", "status", "ordered_on", "expected_on")},
            "seller": self.logins.get(row["seller_id"]),
            "currency": row["currency"],
            **self._further(row),
            **{
                one.name: self.values.further(ORDERS, one, row, row["owner_id"])
                for one in self.asked
            },
            "lines": [self._line(line, row) for line in whole.lines],
            "returns": [self._return(back, parts, row) for back, parts in whole.returns],
        }
        return _filled(told)

    def with_customer(self, whole: Whole) -> dict[str, Any]:
        """The same with whose it is."""
        return {**self.record(whole), "customer": whole.row["customer_number"]}

    def _line(self, line: Row, order: Row) -> dict[str, Any]:
        return _filled(
            {
                "product": line["code"],
                "name": line["name"],
                "quantity": _quantity(line["quantity"]),
                "unit": line["unit"],
                "price": self._amount(OrderLine.price, line, order),
                "discount": self._discount(OrderLine.discount_amount, line, order),
                "amount": self._amount(OrderLine.amount, line, order),
            }
        )

    def _return(self, back: Row, parts: Sequence[Row], order: Row) -> dict[str, Any]:
        return _filled(
            {
                **{name: back[name] for name in ("number", "returned_on", "reason", "settlement")},
                "amount": self._amount(OrderReturn.amount, back, order),
                "remark": opened(OrderReturn.remark, back),
                "lines": [
                    {"name": part["name"], "quantity": _quantity(part["back"])} for part in parts
                ],
            }
        )


def _quantity(thousandths: int) -> Decimal:
    found = Decimal(thousandths).scaleb(THOUSANDTHS)
    whole = found.to_integral_value()
    return whole if whole == found else found.normalize()


def _filled(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value not in (None, "", [])}


def made(wanted: WantedOrders, ids: Sequence[int], at: datetime, looked: Look) -> Iterator[bytes]:
    """The file in pieces. `looked` is called after amounts were read and before they are handed out."""
    orders = Orders(wanted.reader)
    if wanted.format == "json":
        return records.written(_told(wanted, ids, orders.with_customer, looked))
    names = orders.names()

    def rows() -> Iterator[list[list[Cell]]]:
        for some in _told(wanted, ids, lambda whole: list(orders.rows(whole)), looked):
            yield [row for of_order in some for row in of_order]

    if wanted.format == "csv":
        return delimited.written(names, rows())
    folder: Path = current_app.extensions["crmlite.config"].instance
    return spreadsheet.written(str(_("Orders")), names, rows(), folder, at)


def _told(wanted: WantedOrders, ids: Sequence[int], told: Any, looked: Look) -> Iterator[list[Any]]:
    for piece in pieces(ids, wanted.reader):
        found = [told(whole) for whole in piece]
        looked()
        yield found


def products_of(reader: Reader) -> Iterator[list[dict[str, Any]]]:
    """The product list as JSON, in pieces."""
    last = 0
    while True:
        wanted = select(PRODUCTS).where(PRODUCTS.c.id > last, PRODUCTS.c.state != "deleted")
        rows = (
            database.session.execute(wanted.order_by(PRODUCTS.c.id).limit(PIECE)).mappings().all()
        )
        if not rows:
            return
        last = rows[-1]["id"]
        yield [_product(row) for row in rows]


def _product(row: Row) -> dict[str, Any]:
    price = None if row["price"] is None else in_units(row["price"], row["currency"])
    names = ("code", "name", "category", "unit", "remark", "state")
    return _filled(
        {name: row[name] for name in names} | {"price": price, "currency": row["currency"]}
    )
