"""The dialogs from which lists are taken away, and the files themselves."""

from crmlite.exports.views import customers, objects, orders
from crmlite.exports.views.blueprint import bp

__all__ = ["bp", "customers", "objects", "orders"]
