"""Many orders and products at once: imports and made-up books come this way.

What orders come to is known before they are written, and what follows from them is made once for
all of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crmlite import settings
from crmlite.rules.order_states import Status
from crmlite.rules.pricing import Sums, sums
from crmlite.rules.quantities import Discount
from crmlite.sales.facts import refresh_customers
from crmlite.sales.models import Order, OrderLine, Product
from crmlite.sales.numbers import give_order_numbers
from crmlite.sales.operations.orders import OrderDraft
from crmlite.sales.search_rows import index_orders, index_products
from crmlite.search.pinyin import name_sort
from crmlite.work import Actor, records, tell

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that is written down."""

    id: int
    number: str


def add_orders(drafts: Sequence[OrderDraft], *, by: Actor, at: datetime) -> list[Placed]:
    """Write orders down; belongs inside an operation. Whoever hands them in has seen to it that their
    customers are there, their numbers free, and their lines as `item_problem` and `order_problem`
    want them."""
    if not drafts:
        return []
    numbers = give_order_numbers([draft.number for draft in drafts])
    found = [sums([line.item for line in draft.lines], _discount(draft.values)) for draft in drafts]
    values = [
        _values(draft, number, come_to)
        for draft, number, come_to in zip(drafts, numbers, found, strict=True)
    ]
    ids = records.insert_many(Order, values)
    records.insert_many(
        OrderLine,
        [
            {
                **line.columns(),
                "order_id": order_id,
                "customer_id": draft.customer_id,
                "currency": one["currency"],
                "state": "active",
                "position": position,
                "amount": amount,
            }
            for draft, order_id, one, come_to in zip(drafts, ids, values, found, strict=True)
            for position, (line, amount) in enumerate(zip(draft.lines, come_to.lines, strict=True))
        ],
    )
    index_orders(ids)
    refresh_customers({draft.customer_id for draft in drafts})
    for order_id, draft in zip(ids, drafts, strict=True):
        tell("order_changed", order_id=order_id, customer_id=draft.customer_id)
    return [Placed(*pair) for pair in zip(ids, numbers, strict=True)]


def _values(draft: OrderDraft, number: str, come_to: Sums) -> dict[str, Any]:
    return {
        "status": Status.CONFIRMED.value,
        "currency": settings.get("currency"),
        "seller_id": None,
        **draft.values,
        "number": number,
        "customer_id": draft.customer_id,
        "state": "active",
        "subtotal": come_to.subtotal,
        "total": come_to.total,
    }


def _discount(values: Values) -> Discount:
    return Discount(values.get("discount_rate", 0), values.get("discount_amount", 0))


def add_products(products: Iterable[Values]) -> list[int]:
    """Add products whose codes are free; belongs inside an operation. Answers their ids in order."""
    rows = [
        {
            "state": "active",
            "currency": settings.get("currency"),
            **values,
            "name_sort": name_sort(values["name"], person=False),
        }
        for values in products
    ]
    ids = records.insert_many(Product, rows)
    index_products(ids)
    return ids
