"""The pages of products, orders and returns."""

from crmlite.sales.views import order, orders, products, returns, typing, words
from crmlite.sales.views.blueprint import bp

__all__ = ["bp", "order", "orders", "products", "returns", "typing", "words"]
