"""The pages of products, orders and returns."""

from crmlite.sales.views import (
    conditions,
    cycles,
    order,
    orders,
    products,
    returns,
    saving,
    typing,
    words,
)
from crmlite.sales.views.blueprint import bp

__all__ = [
    "bp",
    "conditions",
    "cycles",
    "order",
    "orders",
    "products",
    "returns",
    "saving",
    "typing",
    "words",
]
