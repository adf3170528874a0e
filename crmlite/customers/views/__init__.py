"""The pages of the customer book."""

from crmlite.customers.views import (
    bulk,
    columns,
    conditions,
    editing,
    keeping,
    moves,
    new,
    overview,
    parts,
    record,
    saving,
    tag_rules,
    tagging,
    tags,
)
from crmlite.customers.views.blueprint import bp

__all__ = [
    "bp",
    "bulk",
    "columns",
    "conditions",
    "editing",
    "keeping",
    "moves",
    "new",
    "overview",
    "parts",
    "record",
    "saving",
    "tag_rules",
    "tagging",
    "tags",
]
