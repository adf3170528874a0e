"""How the change record speaks of products, orders and returns."""

from typing import Any

from crmlite.customers.further import words_of
from crmlite.rules.quantities import written_rate
from crmlite.sales.models import Order, OrderLine, OrderReturn, OrderReturnLine, Product
from crmlite.sales.operations.products import refresh_products
from crmlite.sales.words import CATEGORY, REASON, SETTLEMENTS, STATUSES, UNIT, quantity_words
from crmlite.wording import N_, label
from crmlite.work.record_types import RecordType

STATES = {
    "active": N_("in use"),
    "retired": N_("offered no more"),
    "deleted": N_("in the recycle bin"),
}
QUANTITY, RATE = "quantity", "discount_rate"
# What a line comes to is put back by undoing what changed it, not value by value.
FIXED_OF_LINE = (
    "state", "order_id", "product_id", "quantity", "price", "currency", "discount_rate",
    "discount_amount",
)  # fmt: skip


def record_types() -> list[RecordType]:
    """Products; orders with their lines; returns with theirs."""
    return [
        RecordType(
            name="product",
            label=N_("Product"),
            many=N_("Products"),
            model=Product,
            icon="shopping-bag",
            title="name",
            see="products:see",
            edit="products:edit",
            fixed=("state", "currency"),
            choices={"category": CATEGORY, "unit": UNIT},
            amounts=("price",),
            refresh=refresh_products,
            operations={
                "product_retired": N_("Product offered no more"),
                "product_offered": N_("Product offered again"),
            },
            labels={
                "code": N_("Product code"),
                "name": N_("Name"),
                "category": N_("Category"),
                "unit": N_("Unit"),
                "price": N_("Price"),
                "currency": N_("Currency"),
                "remark": N_("Remark"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="order",
            label=N_("Order"),
            many=N_("Orders"),
            model=Order,
            icon="receipt",
            title="number",
            see="orders:see",
            edit="orders:edit",
            rights={"state": "orders:delete"},
            fixed=("state", "status", "number", "currency"),
            amounts=("discount_amount",),
            operations={"order_moved": N_("Order moved on")},
            labels={
                "number": N_("No."),
                "status": N_("State"),
                "ordered_on": N_("Ordered on"),
                "expected_on": N_("Expected delivery"),
                "seller_id": N_("Salesperson"),
                "currency": N_("Currency"),
                "discount_rate": N_("Discount on the whole"),
                "discount_amount": N_("Amount off the whole"),
                "subtotal": N_("Subtotal"),
                "total": N_("Total"),
                "remark": N_("Remark"),
                "state": N_("State of the record"),
            },
            wording=_order_worded,
        ),
        RecordType(
            name="order_line",
            part_of=("order", "order_id"),
            label=N_("Line of an order"),
            many=N_("Lines of orders"),
            model=OrderLine,
            icon="receipt",
            title="name",
            see="orders:see",
            edit="orders:edit",
            fixed=FIXED_OF_LINE,
            choices={"unit": UNIT},
            amounts=("price", "discount_amount"),
            labels={
                "order_id": N_("Order"),
                "product_id": N_("Product"),
                "name": N_("Product"),
                "unit": N_("Unit"),
                "quantity": N_("Quantity"),
                "price": N_("Price"),
                "currency": N_("Currency"),
                "discount_rate": N_("Discount"),
                "discount_amount": N_("Amount off"),
                "amount": N_("Amount"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="order_return",
            part_of=("order", "order_id"),
            label=N_("Return"),
            many=N_("Returns"),
            model=OrderReturn,
            icon="arrow-back-up",
            title="number",
            see="orders:see",
            edit="orders:edit",
            rights={"state": "orders:delete"},
            fixed=("state", "number", "order_id", "settlement", "amount", "currency"),
            choices={"reason": REASON},
            amounts=("amount",),
            labels={
                "number": N_("No."),
                "order_id": N_("Order"),
                "returned_on": N_("Came back on"),
                "reason": N_("Reason"),
                "settlement": N_("Settled by"),
                "amount": N_("Paid back"),
                "currency": N_("Currency"),
                "remark": N_("Remark"),
                "state": N_("State of the record"),
            },
            wording=_worded,
        ),
        RecordType(
            name="order_return_line",
            part_of=("order_return", "return_id"),
            label=N_("Line of a return"),
            model=OrderReturnLine,
            icon="arrow-back-up",
            see="orders:see",
            edit="orders:edit",
            fixed=("return_id", "line_id", "quantity"),
            labels={
                "return_id": N_("Return"),
                "line_id": N_("Line of an order"),
                "quantity": N_("Quantity"),
            },
            wording=_worded,
        ),
    ]


def _order_worded(column: str, value: Any) -> str | None:
    further = words_of("order", column, value)
    return _worded(column, value) if further is None else further


def _worded(column: str, value: Any) -> str | None:
    if value is None:
        return None
    if column == QUANTITY:
        return quantity_words(int(value))
    if column == RATE:
        return written_rate(int(value))
    words = {"state": STATES, "status": STATUSES, "settlement": SETTLEMENTS}.get(column)
    return label(words[value]) if words and value in words else None
