"""The pages of the customer book."""

from crmlite.customers.views import editing, keeping, moves, new, overview, parts, record, tags
from crmlite.customers.views.blueprint import bp

__all__ = ["bp", "editing", "keeping", "overview", "moves", "new", "parts", "record", "tags"]
