"""The page of an order: everything that its templates show, read once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import hooks, settings
from crmlite.access import Reader, opened
from crmlite.access.sensitive import NOTHING, Shown, shown
from crmlite.accounts.queries import person_name
from crmlite.customers.further import Fact, filled_groups, resting_facts
from crmlite.fields.entering import FurtherPart, part_for
from crmlite.panels import Panel
from crmlite.rules.order_states import MOVES, OPEN_LINES, RETURNABLE, WAY, Status
from crmlite.sales import words
from crmlite.sales.facts import returned
from crmlite.sales.models import Order, OrderLine, OrderReturn
from crmlite.sales.queries import orders as reading
from crmlite.sales.sight import may

Row = Mapping[str, Any]
ORDER = Order.__table__


@dataclass(frozen=True, slots=True)
class Line:
    """A line in words."""

    row: Row
    quantity: str
    unit: str
    price: str
    discount: str
    amount: str
    back: str


@dataclass(frozen=True, slots=True)
class Back:
    """A return in words."""

    row: Row
    parts: str
    reason: str
    settlement: str
    amount: str
    remark: str


class OrderRecord:
    """An order for one reader. `row` is what `queries.orders.order` answers."""

    def __init__(self, row: Row, reader: Reader) -> None:
        self.row, self.reader = row, reader

    @property
    def number(self) -> str:
        """By which it is called."""
        return str(self.row["number"])

    def may(self, permission: str) -> bool:
        """Whether the reader may do something with it."""
        return may(self.reader, permission, self.row["customer_owner_id"])

    @property
    def editable(self) -> bool:
        """Whether the reader may change it."""
        return self.may("orders:edit")

    @property
    def lines_open(self) -> bool:
        """Whether its lines may still change."""
        return self.row["status"] in OPEN_LINES

    @property
    def returnable(self) -> bool:
        """Whether goods of it can come back, and the reader may write that down."""
        return self.editable and self.row["status"] in RETURNABLE and any(self.left.values())

    @cached_property
    def line_rows(self) -> Sequence[Row]:
        """Its lines as they are stored."""
        return reading.lines(self.row["id"])

    @cached_property
    def left(self) -> dict[int, int]:
        """How much of each line can still come back."""
        back = returned([self.row["id"]], words.REFUND)
        return {line["id"]: line["quantity"] - back.get(line["id"], 0) for line in self.line_rows}

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines in words."""
        back = returned([self.row["id"]])
        return [self._line(row, back.get(row["id"], 0)) for row in self.line_rows]

    def _line(self, row: Row, back: int) -> Line:
        off = self._shown(OrderLine.discount_amount, row)
        return Line(
            row,
            words.quantity_words(row["quantity"]),
            words.unit_label(row["unit"]),
            self._amount(OrderLine.price, row),
            words.discount_words(row["discount_rate"], off, self.row["currency"]),
            self._amount(OrderLine.amount, row),
            words.quantity_words(back) if back else "",
        )

    @cached_property
    def returns(self) -> list[Back]:
        """What came back of it, the latest first."""
        rows = reading.returns(self.row["id"])
        parts = reading.parts([row["id"] for row in rows])
        return [
            Back(
                row,
                _(", ").join(map(part_words, parts.get(row["id"], ()))),
                settings.choice_label(words.REASON, row["reason"]) if row["reason"] else "",
                words.settlement_label(row["settlement"]),
                self._amount(OrderReturn.amount, row) if row["settlement"] == words.REFUND else "",
                opened(OrderReturn.remark, row),
            )
            for row in rows
        ]

    def amount(self, name: str) -> str:
        """What it comes to: `subtotal`, `total`, `refunded`."""
        return self._amount(getattr(Order, name), self.row)

    @property
    def discount(self) -> str:
        """What is taken off the whole, in words."""
        off = self._shown(Order.discount_amount, self.row)
        return words.discount_words(self.row["discount_rate"], off, self.row["currency"])

    @property
    def net(self) -> str:
        """What it comes to less what was paid back; empty where nothing was."""
        if not self.row["refunded"]:
            return ""
        whole = {**self.row, "total": self.row["total"] - self.row["refunded"]}
        return self._amount(Order.total, whole)

    def _shown(self, attribute: Any, row: Row) -> Shown:
        if attribute.key == "discount_amount" and not row["discount_amount"]:
            return NOTHING
        return shown(self.reader, attribute, row, owner_id=self.row["customer_owner_id"])

    def _amount(self, attribute: Any, row: Row) -> str:
        return words.amount_words(self._shown(attribute, row), self.row["currency"])

    @property
    def remark(self) -> str:
        """What is good to know about it."""
        return opened(Order.remark, self.row)

    def further_part(self) -> FurtherPart:
        """The further fields of a form for it."""
        owner_id, currency = self.row["customer_owner_id"], self.row["currency"]
        of = (ORDER, self.row)
        return part_for("order", self.reader, owner_id, of=of, currency=currency)

    def further(self) -> list[tuple[str, list[Fact]]]:
        """What is recorded of it beside what crmlite asks for, under headings."""
        owner_id = self.row["customer_owner_id"]
        return filled_groups(self.reader, ORDER, "order", self.row, owner_id)

    def resting(self) -> list[Fact]:
        """What is kept of fields that are asked for no more."""
        return resting_facts(self.reader, ORDER, self.row, self.row["customer_owner_id"])

    @property
    def seller(self) -> str:
        """Who sold it."""
        return person_name(self.row["seller_id"])

    @property
    def status(self) -> str:
        """Where it stands."""
        return words.status_label(self.row["status"])

    @property
    def steps(self) -> list[dict[str, str]]:
        """Its way: states behind, the one of now, those ahead; one that was cancelled has none."""
        if self.row["status"] == Status.CANCELLED:
            return []
        now = WAY.index(self.row["status"])
        return [
            {
                "key": status.value,
                "label": words.status_label(status),
                "state": "now" if place == now else "was" if place < now else "",
            }
            for place, status in enumerate(WAY)
        ]

    @property
    def next(self) -> str:
        """The state that comes next; empty at the end of the way."""
        found = [to for to in MOVES[Status(self.row["status"])] if self._is_further(to)]
        return found[0].value if found else ""

    @property
    def others(self) -> list[str]:
        """The other states it may go to from where it is."""
        return [to.value for to in MOVES[Status(self.row["status"])] if to != self.next]

    def _is_further(self, to: Status) -> bool:
        here = self.row["status"]
        return here in WAY and to in WAY and WAY.index(to) > WAY.index(here)

    def panels(self) -> list[Panel]:
        """What slices and packs put below its lines."""
        found: list[Panel] = hooks.asked("order_panels", order=self.row, reader=self.reader)
        return sorted(found, key=lambda one: one.weight)

    def url(self, endpoint: str, **more: Any) -> str:
        """The address of something about it."""
        return url_for(f"sales.{endpoint}", number=self.number, **more)


def part_words(part: Row) -> str:
    """How much of what came back."""
    unit = words.unit_label(part["unit"])
    return f"{part['name']} × {words.quantity_words(part['quantity'])} {unit}".strip()
