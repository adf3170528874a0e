"""Everything that changes products, orders and returns."""

from crmlite.sales.operations.moves import delete_order, move_order
from crmlite.sales.operations.orders import LineDraft, OrderDraft, add_order, update_order
from crmlite.sales.operations.products import (
    add_product,
    delete_product,
    offer_product,
    retire_product,
    update_product,
)
from crmlite.sales.operations.returns import ReturnDraft, add_return, delete_return

__all__ = [
    "LineDraft",
    "OrderDraft",
    "ReturnDraft",
    "add_order",
    "add_product",
    "add_return",
    "delete_order",
    "delete_product",
    "delete_return",
    "move_order",
    "offer_product",
    "retire_product",
    "update_order",
    "update_product",
]
